"""Status codes of the gateway, and what each of them means for us.

A status may be several codes joined by semicolons, such as "7201;7226": 7201 only says that something
failed, the others say what.
"""

from enum import StrEnum

SUCCESS = "7101"
FAILURE = "7201"
HEADER_MISSING = "7202"
BILL_UNKNOWN = "7204"
SP_INVALID = "7205"
BILL_EXPIRED = "7213"
AMOUNT_INSUFFICIENT = "7214"
DUPLICATE_BILL = "7226"
EXPIRY_INVALID = "7231"
REQUEST_INVALID = "7242"
ITEMS_DO_NOT_ADD_UP = "7258"
BILL_SETTLED = "7279"
BILL_CANCELLED = "7283"
PAID_IN_PART = "7301"
AMOUNT_NOT_EXACT = "7302"
SIGNATURE_INVALID = "7303"
PROTOCOL_INACTIVE = "7322"
CODE_MISMATCH = "7323"
TRY_LATER = "7321"


class Consequence(StrEnum):
    SUCCESS = "success"
    RETRY = "retry"
    REFUSED = "refused"


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for translation. The simulator reads this table too, and runs without Django."""
    return sentence


SENTENCES = {
    SUCCESS: gettext_noop("Done."),
    FAILURE: gettext_noop("The request failed."),
    HEADER_MISSING: gettext_noop("A required header was not given."),
    "7203": gettext_noop("The request is not authorised."),
    BILL_UNKNOWN: gettext_noop("The bill does not exist."),
    SP_INVALID: gettext_noop("The service provider is not known."),
    "7206": gettext_noop("The service provider is not active."),
    "7207": gettext_noop("This payment was already made."),
    "7208": gettext_noop("The collection account is not valid."),
    "7209": gettext_noop("The collection account is not active."),
    "7210": gettext_noop("The collection account has reached its limit."),
    "7211": gettext_noop("The payment and the bill belong to different institutions."),
    "7212": gettext_noop("The payment and the bill are in different currencies."),
    BILL_EXPIRED: gettext_noop("The bill has expired."),
    AMOUNT_INSUFFICIENT: gettext_noop("The amount paid is less than the amount of the bill."),
    "7217": gettext_noop("The payer has neither an email address nor a phone number."),
    "7218": gettext_noop("The payer's identification is not valid."),
    "7219": gettext_noop("The currency is not valid."),
    "7221": gettext_noop("The equivalent amount of the bill is not valid."),
    "7223": gettext_noop("The revenue code is not valid or not active."),
    "7224": gettext_noop("The amount of the bill is not valid."),
    "7225": gettext_noop("The bill reference is not valid."),
    DUPLICATE_BILL: gettext_noop("This bill was already received."),
    "7227": gettext_noop("The bill has no number."),
    "7228": gettext_noop("The sub-institution is not known."),
    "7230": gettext_noop("The date on which the bill was made is not valid."),
    EXPIRY_INVALID: gettext_noop("The expiry date of the bill is not valid."),
    "7234": gettext_noop("The payment option is not valid."),
    "7240": gettext_noop("The gateway could not save the request."),
    "7241": gettext_noop("The session with the gateway is not valid."),
    REQUEST_INVALID: gettext_noop("The request is not valid."),
    "7255": gettext_noop("The amount of a bill line is not valid."),
    ITEMS_DO_NOT_ADD_UP: gettext_noop("The bill lines do not add up to the amount of the bill."),
    "7259": gettext_noop("The equivalent amounts of the bill lines do not add up."),
    "7267": gettext_noop("The email address is not valid."),
    "7268": gettext_noop("The phone number is not valid."),
    "7269": gettext_noop("The system code is not valid or not active."),
    "7275": gettext_noop("The payer's number is not valid."),
    "7276": gettext_noop("The payer's name is not valid."),
    "7277": gettext_noop("The description of the bill is not valid."),
    BILL_SETTLED: gettext_noop("The bill is already paid in full."),
    "7281": gettext_noop("The date of the payment is not valid."),
    "7282": gettext_noop("The payer's email address or phone number is not valid."),
    BILL_CANCELLED: gettext_noop("The bill has been cancelled."),
    "7286": gettext_noop("The bill could not be cancelled."),
    "7297": gettext_noop("The currency is not active."),
    PAID_IN_PART: gettext_noop("The bill is paid in part."),
    AMOUNT_NOT_EXACT: gettext_noop("The amount paid is not exactly the amount of the bill."),
    SIGNATURE_INVALID: gettext_noop("The signature is not valid."),
    "7304": gettext_noop("The gateway has no certificate for this institution."),
    "7311": gettext_noop("The settings of the gateway are not valid."),
    "7317": gettext_noop("The gateway could not process the request."),
    TRY_LATER: gettext_noop("The gateway cannot do this now. Try again later."),
    PROTOCOL_INACTIVE: gettext_noop("The communication protocol is not active."),
    CODE_MISMATCH: gettext_noop("The code in the header is not the code in the message."),
    "7332": gettext_noop("The same request was sent too many times."),
    "7333": gettext_noop("The control number is not valid."),
    "7335": gettext_noop("The control number does not exist."),
    "7336": gettext_noop("The amount is above the limit for this bill."),
    "7337": gettext_noop("The gateway does not offer what was asked for."),
}

_ACCEPTED = {SUCCESS, DUPLICATE_BILL}
# Trouble of the gateway, or settings that an operator can put right: nothing is wrong with the bill.
_RETRIED = {
    HEADER_MISSING, "7203", SP_INVALID, "7206", "7208", "7209", "7239", "7240", "7241", "7269",
    SIGNATURE_INVALID, "7304", "7311", "7317", TRY_LATER, PROTOCOL_INACTIVE, CODE_MISMATCH, "7332", "7337",
}  # fmt: skip


def codes_in(status: str) -> list[str]:
    return [code for code in (part.strip() for part in status.split(";")) if code]


def telling_code(status: str) -> str:
    """The one code to show and to store: the first that says more than "failed"."""
    codes = codes_in(status) or [FAILURE]
    return next((code for code in codes if code != FAILURE), FAILURE)


def consequence_of(status: str) -> Consequence:
    """A repeated bill (7226) is a success: the gateway answers with the control number it already gave."""
    codes = set(codes_in(status))
    if codes & _ACCEPTED and not codes - _ACCEPTED - {FAILURE}:
        return Consequence.SUCCESS
    if not codes or codes & _RETRIED:
        return Consequence.RETRY
    return Consequence.REFUSED


def sentence_for(status: str) -> str:
    code = telling_code(status)
    return SENTENCES.get(code, SENTENCES[FAILURE])
