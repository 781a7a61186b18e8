"""The catalogue of roles: stable code, name and one sentence on what the role lets a person do.

The stage roles are the ones that the stages of services name; the platform roles belong to no stage.
A role is always held at an institution (`RoleGrant`); what it opens there is decided by `policies.py`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    code: str
    name: str | Promise
    sentence: str | Promise


DESIGNER = "mbunifu"
AUDITOR = "mkaguzi_wa_ndani"
ADMINISTRATOR = "msimamizi"

STAGE_ROLES = (
    Role(
        "afisa_mapokezi",
        _("Intake officer"),
        _("Receives new applications and checks that they are complete."),
    ),
    Role("afisa_mtaalamu", _("Technical officer"), _("Reviews applications as a specialist.")),
    Role("mkaguzi", _("Inspector"), _("Inspects places and goods and writes down the findings.")),
    Role("afisa_mapato", _("Revenue officer"), _("Assesses fees and confirms that they are paid.")),
    Role("mhasibu", _("Accountant"), _("Reconciles payments and settles the money that matches no bill.")),
    Role("kamati", _("Committee"), _("Records what a committee has decided.")),
    Role("mkuu_wa_idara", _("Head of department"), _("Recommends applications on behalf of a department.")),
    Role("afisa_utumishi", _("Human resource officer"), _("Reviews the applications of public servants.")),
    Role("muidhinishaji", _("Approver"), _("Approves or refuses an application at the last step.")),
    Role("afisa_masuuli", _("Accounting officer"), _("Approves on behalf of the whole institution.")),
    Role(
        "taasisi_pokezi",
        _("Officer of the other institution"),
        _("Answers requests that another institution has sent."),
    ),
    Role("or_muuub", _("PO-PSMGG officer"), _("Approves public service matters at the President's Office.")),
    Role("afisa_usalama", _("ICT security officer"), _("Reviews the security of systems and of shared data.")),
    Role("mhandisi", _("Engineer or technician"), _("Surveys and carries out technical works.")),
    Role(
        "afisa_mtoaji",
        _("Issuing officer"),
        _("Issues certificates, licences and permits that are approved."),
    ),
    Role(
        "mtendaji_mtaa",
        _("Street or village executive officer"),
        _("Confirms residents and facts of a street or village."),
    ),
    Role("afisa_trafiki", _("Traffic police officer"), _("Inspects vehicles and drivers.")),
)
PLATFORM_ROLES = (
    Role(DESIGNER, _("Catalogue designer"), _("Writes service definitions and asks for their publication.")),
    Role(AUDITOR, _("Internal auditor"), _("Reads everything and changes nothing.")),
    Role(ADMINISTRATOR, _("Administrator"), _("Looks after people, roles and institutions.")),
)
ROLES = {role.code: role for role in (*STAGE_ROLES, *PLATFORM_ROLES)}
WITHOUT_FILES = frozenset(role.code for role in PLATFORM_ROLES)
"""Roles to which no stage ever sends a file."""


def role_choices() -> list[tuple[str, str | Promise]]:
    return [(role.code, role.name) for role in ROLES.values()]


def role_name(code: str) -> str:
    """The name in the language in force; a code that left the catalogue names itself."""
    role = ROLES.get(code)
    return str(role.name) if role else code
