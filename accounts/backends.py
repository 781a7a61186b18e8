"""What roles open in the administration. Nobody signs in by this; it only answers about permissions."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from accounts.models import Person
from accounts.policies import can_administer_people, can_read_everything


class RolesBackend(BaseBackend):
    """Auditors view everything; administrators also add and change what this app holds. Nobody deletes."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        app, _, codename = perm.partition(".")
        action = codename.partition("_")[0]
        if action == "view" and self._answer(user_obj, can_read_everything):
            return True
        return app == "accounts" and action != "delete" and self._answer(user_obj, can_administer_people)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return self.has_perm(user_obj, f"{app_label}.view_")

    @staticmethod
    def _answer(person: Any, policy: Any) -> bool:
        """Each policy is asked once for a person object, which is once for a request."""
        if not isinstance(person, Person):
            return False
        known = person.__dict__.setdefault("_role_answers", {})
        if policy.__name__ not in known:
            known[policy.__name__] = policy(person)
        return known[policy.__name__]
