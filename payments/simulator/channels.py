"""The ways to pay that the practice gateway offers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    code: str
    name: str
    psp_code: str
    way: str  # what travels as UsdPayChnl
    is_wallet: bool


CHANNELS = {
    channel.code: channel
    for channel in (
        Channel("mpesa", "M-Pesa", "PSP-MPESA", "USSD", True),
        Channel("mixx", "Mixx by Yas", "PSP-MIXX", "USSD", True),
        Channel("airtel", "Airtel Money", "PSP-AIRTEL", "USSD", True),
        Channel("halopesa", "HaloPesa", "PSP-HALO", "USSD", True),
        Channel("tpesa", "T-Pesa", "PSP-TPESA", "USSD", True),
        Channel("bank", "Benki / Bank", "PSP-BANK", "CD", False),
    )
}
