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

SIGNED_IN = Verb("accounts.person.signed_in", _("Signed in"), retention="security", fields=frozenset({"steps"}))
PASSWORD_CHANGED = Verb("accounts.password.changed", _("Changed the password"), retention="security")
PASSWORD_RESET = Verb("accounts.password.reset", _("Replaced a forgotten password by a code"), retention="security")
KEY_ADDED = Verb(
    "accounts.key.added", _("Added a key to the account"), retention="security", fields=frozenset({"kind"})
)
KEY_REMOVED = Verb(
    "accounts.key.removed", _("Removed a key from the account"), retention="security", fields=frozenset({"kind"})
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
    SIGNED_IN,
    PASSWORD_CHANGED,
    PASSWORD_RESET,
    KEY_ADDED,
    KEY_REMOVED,
)
