"""The short messages with codes. Each fits one SMS part and the GSM-7 alphabet, in both languages."""

from django.utils.translation import gettext as _

from portal.notifications import sms


def send_code(phone: str, code: str) -> None:
    sms.send_now(phone, _("Government Services: your code is %(code)s. Tell nobody.") % {"code": code})


def send_account_exists(phone: str) -> None:
    sms.send_now(phone, _("Government Services: you already have an account with this number. Sign in instead."))


def send_no_account(phone: str) -> None:
    sms.send_now(phone, _("Government Services: there is no account with this number. You can open one."))
