"""How a control number is paid, step by step, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _

WALLETS = {
    "M-Pesa": "*150*00#",
    "Mixx by Yas": "*150*01#",
    "Airtel Money": "*150*60#",
    "HaloPesa": "*150*88#",
    "T-Pesa": "*150*71#",
}


def ways_to_pay() -> list[dict[str, Any]]:
    """{title, note, steps} of each way; the note of a wallet is what to dial."""
    wallets = [{"title": name, "note": code, "steps": _wallet_steps(code)} for name, code in WALLETS.items()]
    return [
        *wallets,
        {"title": _("Bank"), "note": _("branch or app"), "steps": _bank_steps()},
        {"title": _("Bank agent"), "note": _("near you"), "steps": _agent_steps()},
    ]


def _wallet_steps(code: str) -> list[str]:
    return [
        _("Dial %(code)s on your phone.") % {"code": code},
        _("Choose Pay bills, then Government payments."),
        _("Enter the control number."),
        _("Enter the amount of the bill."),
        _("Check the name of the institution, then confirm with your own PIN. Tell your PIN to nobody."),
    ]


def _bank_steps() -> list[str]:
    return [
        _("Go to any branch, or open the app of your bank."),
        _("Say or choose that you pay a Government bill."),
        _("Give the control number and the amount of the bill."),
        _("Keep the receipt that the bank gives you."),
    ]


def _agent_steps() -> list[str]:
    return [
        _("Go to any bank agent and show the control number."),
        _("Check that the agent's machine shows the right institution and amount."),
        _("Wait for the printed receipt before you leave."),
    ]
