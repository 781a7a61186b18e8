"""The choice for whom a person acts. It lives in the session; the mandate behind it is checked elsewhere."""

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Person
from accounts.policies import can_act_for
from portal.errors import NotPermitted

SESSION_KEY = "acting_for"


def act_for(*, session: SessionBase, actor: Person, organisation: Organisation) -> None:
    if not can_act_for(actor, organisation):
        raise NotPermitted(_("You have no mandate to act for this organisation."), "no_mandate")
    session[SESSION_KEY] = organisation.pk


def act_for_self(*, session: SessionBase) -> None:
    session.pop(SESSION_KEY, None)
