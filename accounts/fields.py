"""Form fields that speak our words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.identifiers import normalise_phone


class PhoneField(forms.CharField):
    """A phone number as people write it; its clean value is E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        kwargs.setdefault("max_length", 30)
        kwargs.setdefault("help_text", _("For example 0712 345 678"))
        super().__init__(**kwargs)
        self.error_messages["required"] = _("Write your phone number.")

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        phone = normalise_phone(text)
        if phone is None:
            raise ValidationError(_("Write a phone number such as 0712 345 678."), code="phone")
        return phone
