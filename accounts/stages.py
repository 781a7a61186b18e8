"""The steps of signing in: one proved address, phone or email, is enough to come in."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage, PhoneVerificationStage


class ProvePhoneStage(PhoneVerificationStage):
    def handle(self) -> tuple[Any, bool]:
        person = self.login.user
        if person is not None and EmailAddress.objects.filter(user=person, verified=True).exists():
            return None, True
        return super().handle()


class ProveEmailStage(EmailVerificationStage):
    """Comes after the phone: whoever has proved a phone needs no email, ever."""

    def handle(self) -> tuple[Any, bool]:
        person = self.login.user
        if person is not None and person.phone_verified_at is not None:
            return None, True
        return super().handle()
