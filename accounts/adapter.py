"""How django-allauth works with our people: phones, codes by SMS, words that help, secrets kept encrypted."""

import base64
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.forms import Field, Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts import texts
from accounts.fields import PhoneField
from accounts.models import Person
from accounts.policies import works_on_files
from portal.identifiers import normalise_phone

MISMATCH = _("The email or phone number and the password do not match. Check both and try again.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Contact us for help."),
        "cannot_remove_primary_email": _("You cannot remove the email that you use. Choose another one first."),
        "duplicate_email": _("This email is already on your account."),
        "email_password_mismatch": MISMATCH,
        "phone_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "invalid_login": _("Write your email or your phone number."),
        "email_taken": _("Another account already uses this email."),
        "phone_taken": _("Another account already uses this phone number."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is not right. Check it and write it again."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This request is too old. Ask for a new code."),
        "max_email_addresses": _("You cannot add more than %d emails."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes and try again."),
        "unverified_primary_email": _("Confirm your email first."),
        "select_only_one": _("Write either the email or the phone number, not both."),
        "same_as_current": _("This is the one that you already use."),
        "rate_limited": _("Please wait a little before you ask again."),
    }

    # Phones

    def phone_form_field(self, **kwargs: Any) -> Field:
        return PhoneField(**kwargs)

    def get_phone(self, user: Person) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: Person, phone: str, verified: bool) -> None:
        user.phone = phone
        user.phone_verified_at = timezone.now() if verified else None
        user.save(update_fields=["phone", "phone_verified_at"])

    def set_phone_verified(self, user: Person, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> Person | None:
        number = normalise_phone(phone)
        return Person.objects.filter(phone=number).first() if number else None

    def send_verification_code_sms(self, user: Person, phone: str, code: str, **kwargs: Any) -> None:
        texts.send_code(phone, code)

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        texts.send_no_account(phone)

    def send_account_already_exists_sms(self, phone: str) -> None:
        texts.send_account_exists(phone)

    # People

    def save_user(self, request: HttpRequest, user: Person, form: Form, commit: bool = True) -> Person:
        """One insert with every field that was given: a person without email has a phone from the first moment."""
        user.full_name = form.cleaned_data["full_name"]
        user.phone = form.cleaned_data.get("phone") or None
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """The last email may go only when a proved phone remains to sign in with."""
        if email_address.user.phone_verified_at is None and not self._has_other_email(email_address):
            return False
        return super().can_delete_email(email_address)

    @staticmethod
    def _has_other_email(email_address: EmailAddress) -> bool:
        others = EmailAddress.objects.filter(user_id=email_address.user_id, verified=True)
        return others.exclude(pk=email_address.pk).exists()

    # Signing in

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the work that waits: the desk, the administration, else one's own applications."""
        if works_on_files(request.user):
            return reverse("desk:home")
        if request.user.is_staff:
            return reverse("admin:index")
        return super().get_login_redirect_url(request)

    def get_login_stages(self) -> list[str]:
        ours = {
            "allauth.account.stages.PhoneVerificationStage": "accounts.stages.ProvePhoneStage",
            "allauth.account.stages.EmailVerificationStage": "accounts.stages.ProveEmailStage",
        }
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth counts failures by email only, so that all phones together would share five attempts."""
        phone = credentials.get("phone")
        if phone:
            credentials["email"] = normalise_phone(phone) or phone
        return super()._get_login_attempts_cache_key(request, **credentials)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Turn off two-step sign-in before you add an email."),
        "cannot_delete_authenticator": _("You cannot turn off two-step sign-in."),
        "cannot_generate_recovery_codes": _("Turn on two-step sign-in before you ask for recovery codes."),
        "incorrect_code": _("This code is not right. Check it and write it again."),
        "unverified_email": _("Confirm your email before you turn on two-step sign-in."),
    }

    def build_totp_svg(self, url: str) -> str:
        return segno.make(url, error="m").svg_inline(dark="#000", light="#fff", omitsize=True)

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Person, type: str) -> str:  # noqa: A002
        """The name that is offered for a new passkey; its owner may write another."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key %(number)d") % {"number": number}

    def get_totp_issuer(self) -> str:
        return "Huduma za Serikali"


def _fernet() -> MultiFernet:
    """Keys derived from SECRET_KEY and its fallbacks, so that rotating it locks nobody out."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("accounts.mfa", "totp", secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
