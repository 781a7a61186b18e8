"""Forms about people. They validate shape and wording; what is possible is decided by the actions."""

from collections.abc import Callable
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import claims
from accounts.fields import PhoneField
from accounts.models import Person
from portal.identifiers import (
    normalise_brela_number,
    normalise_check_number,
    normalise_nin,
    normalise_phone,
    normalise_tin,
)

EMAIL_ERRORS = {
    "required": _("Write your email."),
    "invalid": _("Write an email such as asha@example.com."),
}

AGAIN = _("Write the same password again.")


def email_field(**kwargs: Any) -> forms.EmailField:
    kwargs.setdefault("label", _("Email"))
    return forms.EmailField(
        error_messages=EMAIL_ERRORS, widget=forms.EmailInput(attrs={"autocomplete": "email"}), **kwargs
    )


def password_field(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("error_messages", {"required": _("Write the password.")})
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **kwargs,
    )


def code_field(**kwargs: Any) -> forms.CharField:
    """A code is text: a numeric input would lose a leading zero and show arrows."""
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input--short"})
    kwargs.setdefault("label", _("Code"))
    return forms.CharField(widget=widget, max_length=20, error_messages={"required": _("Write the code.")}, **kwargs)


# --- Signing up and in -------------------------------------------------------------------------------------


class SignupForm(allauth_forms.SignupForm):
    """Full name, a phone or an email or both, and a password. The language is the one of the page."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your full name.")},
    )
    field_order = ["full_name", "phone", "email", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(required=False)
        self.fields["email"] = email_field(required=False)
        rules = password_validation.password_validators_help_texts()
        self.fields["password1"] = password_field(_("Password"), "new-password", help_text=" ".join(rules))
        self.fields["password2"] = password_field(
            _("The same password again"), "new-password", error_messages={"required": AGAIN}
        )
        self.order_fields(self.field_order)

    def clean_full_name(self) -> str:
        return " ".join(self.cleaned_data["full_name"].split())

    def validate_unique_email(self, value: str) -> str:
        self.account_already_exists = self.account_already_exists or claims.email_is_taken(value)
        return value

    def _clean_phone(self) -> None:
        phone = self.cleaned_data.get("phone")
        if phone and claims.phone_is_taken(phone):
            self.account_already_exists = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not {"phone", "email"} & set(self.errors) and not (cleaned.get("phone") or cleaned.get("email")):
            self.add_error("phone", ValidationError(_("Write a phone number or an email."), code="no_address"))
        mismatch = self.errors.get("password2")
        if mismatch and self.data.get("password2"):
            self.errors["password2"] = self.error_class([_("The two passwords differ.")])
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[Person | None, Any]:
        try:
            return super().try_save(request)
        except IntegrityError:
            # Somebody signed up with the same address at the same moment.
            self.account_already_exists = True
            return super().try_save(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> Person:
        claims.release_lapsed_claims(self.cleaned_data.get("email"), self.cleaned_data.get("phone"))
        person = super().save(request)
        if person.phone and person.email:
            self._set_email_aside(person)
        return person

    @staticmethod
    def _set_email_aside(person: Person) -> None:
        """Beside a phone, the email waits in allauth's table until it is proved: no message goes to it before."""
        person.emailaddress_set.update(primary=False)
        person.email = None
        person.save(update_fields=["email"])


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Email or phone number"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "username"}),
            error_messages={"required": _("Write your email or your phone number.")},
        )
        self.fields["password"] = password_field(_("Password"), "current-password")
        self.fields["remember"] = forms.BooleanField(
            label=_("Keep me signed in on this device"),
            help_text=_("Leave this empty on a device that others use."),
            required=False,
        )
        self.order_fields(["login", "password", "remember"])

    def clean_login(self) -> str:
        login = super().clean_login()
        return login if "@" in login else normalise_phone(login) or login


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):
    """One field: where to send the code. Only an address that its owner has proved gets one."""

    address = forms.CharField(
        label=_("Email or phone number"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Write your email or your phone number.")},
    )
    field_order = ["address"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("email", "phone"):
            self.fields[name].required = False
            self.fields[name].widget = forms.HiddenInput()

    def clean_address(self) -> str:
        text = self.cleaned_data["address"].strip()
        if "@" in text:
            try:
                validate_email(text)
            except ValidationError as error:
                raise ValidationError(EMAIL_ERRORS["invalid"], code="invalid") from error
            return text.lower()
        phone = normalise_phone(text)
        if phone is None:
            raise ValidationError(_("Write an email, or a phone number such as 0712 345 678."), code="address")
        return phone

    def _clean_fields(self) -> None:
        """The one field becomes the email or the phone that allauth works with."""
        super()._clean_fields()
        address = self.cleaned_data.get("address")
        if address:
            name = "email" if "@" in address else "phone"
            self.cleaned_data[name] = address
            self._look_up(name)

    def _look_up(self, name: str) -> None:
        try:
            super().clean_email() if name == "email" else super().clean_phone()
        except ValidationError as error:
            self.add_error("address", error)
            return
        owner = claims.owner_of_email if name == "email" else claims.owner_of_phone
        self._user = owner(self.cleaned_data[name])

    def clean_email(self) -> str:
        return ""

    def clean_phone(self) -> str:
        return ""


class _CodeMixin:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()


class ConfirmLoginCodeForm(_CodeMixin, allauth_forms.ConfirmLoginCodeForm):
    pass


class ConfirmEmailVerificationCodeForm(_CodeMixin, allauth_forms.ConfirmEmailVerificationCodeForm):
    def clean_code(self) -> str:
        """allauth refuses the proof when somebody else has merely named the email; here only a proof counts."""
        code = allauth_forms.BaseConfirmCodeForm.clean_code(self)
        claims.release_lapsed_claims(self.email, None, keep=self.user)
        if claims.email_is_taken(self.email, apart_from=self.user):
            raise get_adapter().validation_error("email_taken")
        return code


class ConfirmPasswordResetCodeForm(_CodeMixin, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class VerifyPhoneForm(_CodeMixin, allauth_forms.VerifyPhoneForm):
    def clean_code(self) -> str:
        allauth_forms.BaseConfirmCodeForm.clean_code(self)
        claims.release_lapsed_claims(None, self.phone, keep=self.user)
        return super().clean_code()


# --- Passwords, emails, phones -----------------------------------------------------------------------------


class _NewPasswordMixin:
    """The new password twice, with the rules in words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = password_validation.password_validators_help_texts()
        new = self.fields["password1"]
        new.label, new.help_text = _("New password"), " ".join(rules)
        self.fields["password2"].label = _("The same password again")
        for name in ("password1", "password2"):
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].error_messages["required"] = _("Write the password.") if name == "password1" else AGAIN

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.errors["password2"] = self.error_class([_("The two passwords differ.")])
        return cleaned


class ChangePasswordForm(_NewPasswordMixin, allauth_forms.ChangePasswordForm):
    """Asks for the current password, unless the person came in by code: that is how a forgotten one is replaced."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if _came_in_by_code(self.user):
            del self.fields["oldpassword"]
        else:
            self.fields["oldpassword"] = password_field(_("Current password"), "current-password")
            self.order_fields(["oldpassword", "password1", "password2"])


def _came_in_by_code(person: Person) -> bool:
    records = get_authentication_records(context.request, person)
    return bool(records) and records[-1]["method"] == "code"


class SetPasswordForm(_NewPasswordMixin, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordKeyForm(_NewPasswordMixin, allauth_forms.ResetPasswordKeyForm):
    pass


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Only the person who proved the email gets the code."""

    email = email_field()

    def clean_email(self) -> str:
        email = super().clean_email()
        owner = claims.owner_of_email(email)
        self.users = [owner] if owner else []
        return email


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    password = password_field(_("Your password"), "current-password")


class AddEmailForm(allauth_forms.AddEmailForm):
    email = email_field()


class ChangePhoneForm(allauth_forms.ChangePhoneForm):
    pass


# --- Two-step sign-in --------------------------------------------------------------------------------------


class AuthenticateForm(_CodeMixin, mfa_forms.AuthenticateForm):
    pass


class MFAReauthenticateForm(_CodeMixin, mfa_forms.ReauthenticateForm):
    pass


class ActivateTOTPForm(_CodeMixin, totp_forms.ActivateTOTPForm):
    pass


class AddWebAuthnForm(webauthn_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class EditWebAuthnForm(webauthn_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


# --- Profile and organisations -----------------------------------------------------------------------------


class IdentifierField(forms.CharField):
    """A number that people group with hyphens and spaces; its clean value is the stored form."""

    def __init__(self, *, normalise: Callable[[str], str | None], wrong: Any, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self._normalise = normalise
        self.error_messages["wrong"] = wrong

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        number = self._normalise(text)
        if number is None:
            raise ValidationError(self.error_messages["wrong"], code="wrong")
        return number


class ProfileForm(forms.Form):
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your full name.")},
    )
    language = forms.ChoiceField(
        label=_("Language of messages to you"), choices=Person.Language.choices, widget=forms.RadioSelect
    )
    nin = IdentifierField(
        label=_("National ID number (NIN)"),
        help_text=_("20 digits, from your national ID card."),
        required=False,
        normalise=normalise_nin,
        wrong=_("Write a NIDA number with 20 digits; it begins with the date of birth."),
    )
    check_number = IdentifierField(
        label=_("Check number"),
        help_text=_("Only for public servants: 7 to 10 digits, from your salary slip."),
        required=False,
        normalise=normalise_check_number,
        wrong=_("Write a check number with 7 to 10 digits."),
    )

    def clean_full_name(self) -> str:
        return " ".join(self.cleaned_data["full_name"].split())


class OrganisationForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the company or business"),
        max_length=200,
        error_messages={"required": _("Write the name of the company or business.")},
    )
    tin = IdentifierField(
        label=_("Taxpayer identification number (TIN)"),
        help_text=_("9 digits, for example 123-456-789"),
        normalise=normalise_tin,
        wrong=_("Write a TIN with 9 digits, such as 123-456-789."),
        error_messages={"required": _("Write the TIN.")},
    )
    brela_number = IdentifierField(
        label=_("BRELA number"),
        help_text=_("From the certificate of incorporation or of the business name, if there is one."),
        required=False,
        normalise=normalise_brela_number,
        wrong=_("Write a BRELA number with 3 to 9 digits."),
    )


class ClerkForm(forms.Form):
    """Names a person by an address that this person has proved."""

    address = forms.CharField(
        label=_("Email or phone number of the clerk"),
        help_text=_("The clerk needs an account of his or her own."),
        max_length=254,
        error_messages={"required": _("Write the email or the phone number of the clerk.")},
    )

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        self.person = _owner_of(address)
        if self.person is None:
            raise ValidationError(
                _("No account uses this address. Ask the clerk to open one first, then add it here."),
                code="unknown_person",
            )
        return address


def _owner_of(address: str) -> Person | None:
    if "@" in address:
        return claims.owner_of_email(address.lower())
    phone = normalise_phone(address)
    return claims.owner_of_phone(phone) if phone else None
