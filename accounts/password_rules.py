"""Django's password rules in our words: Django has no Swahili for them."""

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _


class NotLikeYourself(password_validation.UserAttributeSimilarityValidator):
    def __init__(self) -> None:
        super().__init__(user_attributes=("full_name", "email", "phone"))

    def get_error_message(self) -> str:
        return _("The password is too close to your name, email or phone number.")

    def get_help_text(self) -> str:
        return _("Do not use your name or phone number.")


class LongEnough(password_validation.MinimumLengthValidator):
    def __init__(self, min_length: int = 10) -> None:
        super().__init__(min_length)

    def get_error_message(self) -> str:
        return _("The password is too short: write at least %(length)d characters.") % {"length": self.min_length}

    def get_help_text(self) -> str:
        return _("At least %(length)d characters.") % {"length": self.min_length}


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Too many people use this password. Choose another one.")

    def get_help_text(self) -> str:
        return _("A short sentence that only you know works well.")
