"""What the auditor's role opens in the administration: everything to read, nothing to change."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.models import Person
from accounts.policies import can_read_everything


class AuditorBackend(BaseBackend):
    """Answers only questions about permissions; nobody signs in by it."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm.partition(".")[2].startswith("view_") and self._is_auditor(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return self._is_auditor(user_obj)

    @staticmethod
    def _is_auditor(person: Any) -> bool:
        """Asked once for each person object, which is once for each request."""
        if not isinstance(person, Person):
            return False
        if not hasattr(person, "_is_auditor"):
            person._is_auditor = can_read_everything(person)
        return person._is_auditor
