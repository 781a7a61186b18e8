"""What can go wrong in the domain, in words that a person can act on.

Actions raise these; pages turn them into messages and the API into problem documents.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the domain refuses. `message` is shown to the person, `code` is stable for machines."""

    def __init__(self, message: str | Promise, code: str) -> None:
        super().__init__(code)
        self.message = message
        self.code = code


class Conflict(DomainError):
    """The thing has changed since the person looked at it; nothing was done."""


class TransitionNotAllowed(Conflict):
    def __init__(self, transition: str, state: str) -> None:
        super().__init__(
            _("This step is no longer possible: somebody has already moved it on."), "transition_not_allowed"
        )
        self.transition = transition
        self.state = state


class NotPermitted(DomainError):
    """The person may see the thing but may not do this to it."""
