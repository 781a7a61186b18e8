"""A person who signs in: citizen, clerk, public servant or officer. One account for all of them."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=email, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str, **fields: Any) -> "Person":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractBaseUser, PermissionsMixin):
    """Signs in with email or phone; at least one of them is there. Identifiers are shapes until verified."""

    class Language(models.TextChoices):
        SWAHILI = "sw", "Kiswahili"
        ENGLISH = "en", "English"

    email = models.EmailField(_("email"), unique=True, null=True, blank=True)
    email_verified_at = models.DateTimeField(_("email confirmed"), null=True, blank=True)
    phone = models.CharField(_("phone number"), max_length=16, unique=True, null=True, blank=True)
    phone_verified_at = models.DateTimeField(_("phone confirmed"), null=True, blank=True)
    full_name = models.CharField(_("full name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.SWAHILI)
    nin = models.CharField(_("national ID number (NIN)"), max_length=20, blank=True)
    check_number = models.CharField(_("check number"), max_length=10, blank=True)
    employer = models.ForeignKey(
        "accounts.Institution",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="employees",
        verbose_name=_("employer"),
    )
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="person_can_be_reached",
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False),
                violation_error_message=_("Give an email address or a phone number."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """An empty address is no address: two people without email must not collide on the empty string."""
        self.email = self.email.lower() if self.email else None
        self.phone = self.phone or None
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.full_name or self.email or self.phone or str(self.pk)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0] if self.full_name else str(self)
