"""Every page that a person can meet, in one list: what axe, the ruler, the scales and the camera go through."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.e2e.world import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    BIRTH,
    CITIZEN,
    EXPERT,
    FORMS,
    INTAKE,
    LEAVE,
    NEIGHBOUR,
    OWNER,
    SERVANT,
    World,
)

NOBODY = ""


@dataclass(frozen=True)
class Page:
    """An address with names of the world in braces, who looks at it, and how it answers."""

    name: str
    path: str
    account: str = NOBODY
    status: int = 200
    kind: str = "citizen"  # citizen, officer, or admin
    titles: int = 1

    def address(self, world: World, language: str = "sw") -> str:
        prefix = "" if language == "sw" else f"/{language}"
        return f"{world.place.site}{prefix}{self.path.format(**world.names)}"


PUBLIC = (
    Page("home", "/"),
    Page("catalogue", "/services/"),
    Page("catalogue-filtered", "/services/?audience=G2B&q=leseni"),
    Page("catalogue-nothing", "/services/?q=zzzqqq"),
    Page("catalogue-misspelt", "/services/?q=pasipot"),
    Page("service", f"/services/{BIRTH}/"),
    Page("service-tiers", "/services/halmashauri-leseni-ya-biashara/"),
    Page("service-company", "/services/brela-usajili-wa-kampuni/"),
    Page("service-free", f"/services/{LEAVE}/"),
    Page("service-medicine", "/services/tmda-kibali-cha-kuingiza-dawa/"),
    Page("service-passport", "/services/uhamiaji-pasipoti/"),
    Page("track", "/track/"),
    Page("verify", "/verify/"),
    Page("verify-wrong", "/verify/?number=hello", status=422),
    Page("verify-good", "/verify/{certificate}/"),
    Page("verify-unknown", "/verify/RITA-26-0000000-0/", status=404),
    Page("help", "/pages/help/"),
    Page("contacts", "/pages/contacts/"),
    Page("privacy", "/pages/privacy/"),
    Page("accessibility", "/pages/accessibility/"),
    Page("performance", "/pages/performance/"),
    Page("gallery", "/__components__/", titles=4),
    Page("missing", "/nothing-here/", status=404),
    Page("sign-in", "/account/login/"),
    Page("sign-in-code", "/account/login/code/"),
    Page("sign-up", "/account/signup/"),
    Page("password-forgotten", "/account/password/reset/"),
    Page("api-docs", "/api/docs/", kind="officer"),
)

ACCOUNT = (
    Page("profile", "/account/", CITIZEN),
    Page("details", "/account/details/", CITIZEN),
    Page("password", "/account/password/change/", CITIZEN),
    Page("email", "/account/email/", CITIZEN),
    Page("second-step", "/account/2fa/", CITIZEN),
    Page("sessions", "/account/sessions/", CITIZEN),
    Page("acting", "/account/acting/", OWNER),
    Page("organisation-new", "/account/organisations/new/", CITIZEN),
    Page("sign-out", "/account/logout/", CITIZEN),
)

APPLICANT = (
    Page("applications", "/applications/", CITIZEN),
    Page("applications-servant", "/applications/", SERVANT),
    Page("applications-empty", "/applications/", NEIGHBOUR),
    Page("draft", "/applications/{draft}/", CITIZEN),
    Page("section-child", "/applications/{draft}/child/", CITIZEN),
    Page("section-birth", "/applications/{draft}/birth/", CITIZEN),
    Page("documents-empty", "/applications/{draft}/documents/", CITIZEN),
    Page("draft-complete", "/applications/{complete}/", CITIZEN),
    Page("documents-full", "/applications/{complete}/documents/", CITIZEN),
    Page("check", "/applications/{complete}/check/", CITIZEN),
    Page("submitted-to-pay", "/applications/{to_pay}/submitted/", CITIZEN),
    Page("submitted-free", "/applications/{in_review}/submitted/", SERVANT),
    Page("application-to-pay", "/applications/{to_pay}/", CITIZEN),
    Page("application-in-review", "/applications/{in_review}/", SERVANT),
    Page("application-returned", "/applications/{returned}/", SERVANT),
    Page("application-rejected", "/applications/{rejected}/", SERVANT),
    Page("application-withdrawn", "/applications/{withdrawn}/", SERVANT),
    Page("application-issued", "/applications/{issued}/", CITIZEN),
    Page("certificate", "/applications/{issued}/certificate/", CITIZEN),
    Page("bills", "/bills/", CITIZEN),
    Page("bills-empty", "/bills/", NEIGHBOUR),
    Page("bill-to-pay", "/bills/{bill}/", CITIZEN),
    Page("bill-paid", "/bills/{paid_bill}/", CITIZEN),
    Page("inbox", "/inbox/", CITIZEN),
    Page("inbox-empty", "/inbox/", NEIGHBOUR),
    Page("service-signed-in", f"/services/{BIRTH}/", CITIZEN),
    Page("not-found-signed-in", "/applications/RITA-26-0000000-0/", CITIZEN, status=404),
)

DESK = (
    Page("desk-unclaimed", "/desk/queues/unclaimed/", INTAKE, kind="officer"),
    Page("desk-mine", "/desk/queues/mine/", INTAKE, kind="officer"),
    Page("desk-empty", "/desk/queues/mine/", EXPERT, kind="officer"),
    Page("desk-search", "/desk/queues/all/?q=asha", INTAKE, kind="officer"),
    Page("case-mine", "/desk/cases/{in_review}/", INTAKE, kind="officer"),
    Page("case-returned", "/desk/cases/{returned}/", INTAKE, kind="officer"),
    Page("case-issued", "/desk/cases/{issued}/", APPROVER, kind="officer"),
)

ADMIN = (
    Page("admin", "/admin/", ADMINISTRATOR, kind="admin"),
    Page("admin-people", "/admin/accounts/person/", ADMINISTRATOR, kind="admin"),
    Page("admin-services", "/admin/services/service/", ADMINISTRATOR, kind="admin"),
    Page("admin-person", "/admin/accounts/person/{person}/change/", ADMINISTRATOR, kind="admin"),
    Page("admin-role-new", "/admin/accounts/rolegrant/add/", ADMINISTRATOR, kind="admin"),
    Page("admin-institution-new", "/admin/accounts/institution/add/", ADMINISTRATOR, kind="admin"),
    Page("admin-institutions", "/admin/accounts/institution/", ADMINISTRATOR, kind="admin"),
    Page("admin-institutions-import", "/admin/accounts/institution/import/", ADMINISTRATOR, kind="admin"),
    Page("admin-applications", "/admin/services/application/", ADMINISTRATOR, kind="admin"),
    Page("admin-bill", "/admin/payments/bill/{bill_row}/change/", ADMINISTRATOR, kind="admin"),
    Page("admin-delivery", "/admin/portal/delivery/{delivery}/change/", ADMINISTRATOR, kind="admin"),
    Page("admin-history", "/admin/accounts/person/{person}/history/", ADMINISTRATOR, kind="admin"),
    Page("admin-deliveries", "/admin/portal/delivery/", ADMINISTRATOR, kind="admin"),
    Page("admin-audit", "/admin/portal/auditentry/", AUDITOR, kind="admin"),
)


def sections() -> Iterator[Page]:
    """The first sections of services that between them hold every type of field."""
    for account, forms in FORMS.items():
        for slug, keys in forms.items():
            for key in keys:
                yield Page(f"{slug}-{key}", f"/applications/{{{slug}}}/{key}/", account)


PAGES = (*PUBLIC, *ACCOUNT, *APPLICANT, *sections(), *DESK, *ADMIN)
CITIZEN_PAGES = tuple(page for page in PAGES if page.kind == "citizen" and page.name != "gallery")
