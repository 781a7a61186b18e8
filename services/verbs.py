"""What can be done to applications, certificates and the catalogue, as the audit trail names it."""

from django.utils.translation import gettext_lazy as _

from portal.audit import Verb, register

_MOVE = frozenset({"before", "after", "stage", "reason"})

STARTED = Verb("services.application.started", _("Started an application"), "case", frozenset({"service", "version"}))
SAVED = Verb("services.application.saved", _("Saved a part of an application"), "case", frozenset({"section"}))
SUBMITTED = Verb("services.application.submitted", _("Submitted an application"), "case", _MOVE | {"answers_sha256"})
RESUBMITTED = Verb(
    "services.application.resubmitted",
    _("Answered a request for correction"),
    "case",
    _MOVE | {"answers_sha256"},
)
BILLED = Verb("services.application.billed", _("Asked for the fee"), "case", _MOVE | {"bill"})
IN_REVIEW = Verb("services.application.in_review", _("Took an application into process"), "case", _MOVE)
RETURNED = Verb("services.application.returned", _("Returned an application to its applicant"), "case", _MOVE)
APPROVED = Verb("services.application.approved", _("Approved an application"), "case", _MOVE)
REJECTED = Verb("services.application.rejected", _("Rejected an application"), "case", _MOVE)
ISSUED = Verb("services.application.issued", _("Issued the output of an application"), "case", _MOVE | {"certificate"})
WITHDRAWN = Verb("services.application.withdrawn", _("Withdrew an application"), "case", _MOVE)
LAPSED = Verb("services.application.lapsed", _("Closed an application whose time was over"), "case", _MOVE)

TASK_CLAIMED = Verb("services.task.claimed", _("Took a task"), "case", frozenset({"stage"}))
TASK_RELEASED = Verb("services.task.released", _("Put a task back in the queue"), "case", frozenset({"stage"}))
TASK_DECIDED = Verb("services.task.decided", _("Finished a stage"), "case", frozenset({"stage", "outcome"}))
TASK_NOTED = Verb("services.task.noted", _("Wrote down a step of a stage"), "case", frozenset({"stage", "outcome"}))
CASE_READ = Verb("services.application.read", _("Opened an application"), "case")
DOCUMENT_READ = Verb("services.document.read", _("Opened a document"), "case", frozenset({"kind"}))

DOCUMENT_ADDED = Verb("services.document.added", _("Added a document"), "case", frozenset({"kind", "sha256"}))
DOCUMENT_REMOVED = Verb("services.document.removed", _("Removed a document from a draft"), "case", frozenset({"kind"}))
CERTIFICATE_REVOKED = Verb("services.certificate.revoked", _("Revoked a certificate"), "case", frozenset({"reason"}))

VERSION_PUBLISHED = Verb(
    "services.version.published", _("Published a service"), "administration", frozenset({"number", "sha256"})
)
SERVICE_RETIRED = Verb("services.service.retired", _("Retired a service"), "administration", frozenset({"reason"}))
SERVICE_REOPENED = Verb("services.service.reopened", _("Opened a retired service again"), "administration", frozenset())

register(
    STARTED, SAVED, SUBMITTED, RESUBMITTED, BILLED, IN_REVIEW, RETURNED, APPROVED, REJECTED, ISSUED, WITHDRAWN,
    LAPSED, TASK_CLAIMED, TASK_RELEASED, TASK_DECIDED, TASK_NOTED, CASE_READ, DOCUMENT_READ, DOCUMENT_ADDED,
    DOCUMENT_REMOVED, CERTIFICATE_REVOKED, VERSION_PUBLISHED, SERVICE_RETIRED, SERVICE_REOPENED,
)  # fmt: skip
