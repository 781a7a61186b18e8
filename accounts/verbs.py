"""What the audit trail can say about people, roles and mandates."""

from django.utils.translation import gettext_lazy as _

from portal.audit import Verb, register

ROLE_GRANTED = Verb(
    "accounts.role.granted",
    _("Granted a role"),
    retention="security",
    fields=frozenset({"person", "role", "institution", "expires_at"}),
)
ROLE_REVOKED = Verb(
    "accounts.role.revoked",
    _("Revoked a role"),
    retention="security",
    fields=frozenset({"person", "role", "institution"}),
)
ORGANISATION_REGISTERED = Verb(
    "accounts.organisation.registered",
    _("Registered an organisation"),
    retention="administration",
    fields=frozenset({"tin", "brela_number"}),
)
MANDATE_GRANTED = Verb(
    "accounts.mandate.granted",
    _("Gave a mandate to act for an organisation"),
    retention="security",
    fields=frozenset({"person", "organisation", "role", "expires_at"}),
)
MANDATE_REVOKED = Verb(
    "accounts.mandate.revoked",
    _("Revoked a mandate to act for an organisation"),
    retention="security",
    fields=frozenset({"person", "organisation"}),
)
PROFILE_UPDATED = Verb(
    "accounts.profile.updated",
    _("Changed personal details"),
    retention="administration",
    fields=frozenset({"changed"}),
)
INSTITUTION_SYNCED = Verb(
    "accounts.institution.synced",
    _("Brought an institution in line with the catalogue"),
    retention="administration",
    fields=frozenset({"changed"}),
)
PERSON_CHANGED = Verb(
    "accounts.person.changed",
    _("Changed an account in the administration"),
    retention="security",
    fields=frozenset({"changed"}),
)

register(
    ROLE_GRANTED,
    ROLE_REVOKED,
    ORGANISATION_REGISTERED,
    MANDATE_GRANTED,
    MANDATE_REVOKED,
    PROFILE_UPDATED,
    INSTITUTION_SYNCED,
    PERSON_CHANGED,
)
