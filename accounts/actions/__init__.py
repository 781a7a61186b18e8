"""The one door for changes of people, roles, organisations and mandates."""

from accounts.actions.acting import act_for, act_for_self
from accounts.actions.institutions import InstitutionEntry, sync_institutions
from accounts.actions.organisations import (
    add_clerk,
    register_institution,
    register_organisation,
    revoke_mandate,
)
from accounts.actions.profiles import update_profile
from accounts.actions.roles import grant_role, revoke_role

__all__ = [
    "InstitutionEntry",
    "act_for",
    "act_for_self",
    "add_clerk",
    "grant_role",
    "register_institution",
    "register_organisation",
    "revoke_mandate",
    "revoke_role",
    "sync_institutions",
    "update_profile",
]
