"""Catalogue, applications and certificates in the administration. What changes, changes through the actions."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from accounts.policies import can_read_everything
from portal.admin import Confidential, ReadOnly
from portal.errors import DomainError
from services import verbs
from services.actions import retire_service, revoke_certificate
from services.actions.catalogue import reopen_service
from services.definitions.yaml_format import dump
from services.models import Application, Category, Certificate, Event, Service, ServiceVersion, Task
from services.presenters import answer_sections

LONGEST_REASON = 1000


@admin.register(Category)
class CategoryAdmin(ReadOnly, ModelAdmin):
    """The vocabulary of the definitions is where events are written; loading the catalogue brings them here."""

    list_display = ("code", "name_sw", "name_en", "position")
    search_fields = ("code", "name_sw", "name_en")


class VersionInline(ReadOnly, TabularInline):
    model = ServiceVersion
    fields = ("number", "sha256", "published_at", "published_by")
    show_change_link = True
    extra = 0


@admin.register(Service)
class ServiceAdmin(ReadOnly, ModelAdmin):
    list_display = ("title", "slug", "audience", "institution", "version", "is_open")
    list_filter = ("audience", ("retired_at", admin.EmptyFieldListFilter), "category", "institution")
    list_select_related = ("current_version", "institution", "category")
    search_fields = ("slug", "search_text")
    fields = ("slug", "audience", "category", "institution", "current_version", "retired_at")
    inlines = (VersionInline,)
    actions = ("retire", "reopen")

    def has_service_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("services.change_service")

    @admin.display(description=_("title"))
    def title(self, service: Service) -> str:
        return service.title

    @admin.display(description=_("version"), ordering="current_version__number")
    def version(self, service: Service) -> int | None:
        return service.current_version.number if service.current_version else None

    @admin.display(description=_("open"), boolean=True)
    def is_open(self, service: Service) -> bool:
        return service.is_open

    @admin.action(description=_("Retire: take no new applications"), permissions=["service"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Service]) -> HttpResponse | None:
        def act(service: Service, reason: str) -> None:
            retire_service(slug=service.slug, actor=request.user, reason=reason)

        return _with_reason(self, request, queryset, "retire", act, _("%(name)s is retired."))

    @admin.action(description=_("Open again"), permissions=["service"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Service]) -> None:
        for service in queryset:
            _one(self, request, service, _("%(name)s is open again."), reopen_service, slug=service.slug)


@admin.register(ServiceVersion)
class ServiceVersionAdmin(ReadOnly, ModelAdmin):
    list_display = ("service", "number", "published_at", "published_by", "sha256")
    list_filter = ("service__institution",)
    list_select_related = ("service__current_version", "published_by")
    search_fields = ("service__slug", "sha256")
    fields = ("service", "number", "published_at", "published_by", "sha256", "as_yaml")
    readonly_fields = ("as_yaml",)

    @admin.display(description=_("definition"))
    def as_yaml(self, version: ServiceVersion) -> SafeString:
        return format_html("<pre>{}</pre>", dump(version.definition))


class TaskInline(ReadOnly, TabularInline):
    model = Task
    fields = ("stage", "role", "institution", "state", "assignee", "due_on", "outcome", "decided_by", "decided_at")
    extra = 0


class EventInline(ReadOnly, TabularInline):
    model = Event
    fields = ("at", "code", "stage", "state", "actor", "public_note")
    extra = 0


@admin.register(Application)
class ApplicationAdmin(Confidential, ReadOnly, ModelAdmin):
    """States are moved by officers and applicants. Answers are shown to auditors and superusers, and that is noted."""

    list_display = ("reference", "service_title", "institution", "state_label", "channel", "submitted_at", "due_on")
    list_filter = ("state", "channel", "institution", "service")
    list_select_related = ("version", "service__current_version", "institution")
    search_fields = ("reference",)
    search_help_text = _("A reference, or the beginning of one")
    date_hierarchy = "submitted_at"
    inlines = (TaskInline, EventInline)
    _facts = (
        "reference", "service", "version", "institution", "applicant", "acting_for", "channel", "state_label",
        "created_at", "saved_at", "submitted_at", "decided_at", "due_on", "public_reason",
    )  # fmt: skip
    readonly_fields = ("state_label", "answers_in_words")
    reading = verbs.CASE_READ

    @admin.display(description=_("service"))
    def service_title(self, application: Application) -> str:
        return application.service.title

    @admin.display(description=_("state"), ordering="state")
    def state_label(self, application: Application) -> str:
        return str(application.state_label)

    @admin.display(description=_("answers"))
    def answers_in_words(self, application: Application) -> SafeString:
        rows = [row for section in answer_sections(application) for row in section["rows"]]
        return format_html_join("", "<p>{}: {}</p>", ((row["label"], row["value"]) for row in rows))

    def get_fields(self, request: HttpRequest, obj: Application | None = None) -> tuple[str, ...]:
        return (*self._facts, "answers_in_words") if _may_read_answers(request) else self._facts


def _may_read_answers(request: HttpRequest) -> bool:
    return request.user.is_superuser or can_read_everything(request.user)


@admin.register(Task)
class TaskAdmin(ReadOnly, ModelAdmin):
    list_display = ("application", "stage", "role", "institution", "state", "assignee", "due_on", "outcome")
    list_filter = ("state", "role", "institution")
    list_select_related = ("application", "institution", "assignee")
    search_fields = ("application__reference",)
    date_hierarchy = "due_on"


@admin.register(Certificate)
class CertificateAdmin(Confidential, ReadOnly, ModelAdmin):
    list_display = ("number", "application", "holder", "status", "issued_at", "expires_on")
    list_filter = ("status", "application__institution")
    list_select_related = ("application",)
    search_fields = ("number", "application__reference")
    date_hierarchy = "issued_at"
    fields = (
        "number", "application", "holder", "status", "issued_at", "expires_on", "revoked_at", "revocation_reason",
    )  # fmt: skip
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("services.change_certificate")

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> HttpResponse | None:
        def act(certificate: Certificate, reason: str) -> None:
            revoke_certificate(number=certificate.number, actor=request.user, reason=reason)

        return _with_reason(self, request, queryset, "revoke", act, _("%(name)s is revoked."))


def _with_reason(
    page: ModelAdmin,
    request: HttpRequest,
    queryset: QuerySet[Any],
    name: str,
    act: Callable[[Any, str], None],
    done: Any,
) -> HttpResponse | None:
    """Ask for the reason first, on a page that names the rows; then act on each."""
    reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        context = page.admin_site.each_context(request) | {
            "title": page.get_action(name)[2],
            "rows": queryset,
            "action": name,
            "checkbox": ACTION_CHECKBOX_NAME,
            "missing": "reason" in request.POST,
            "longest": LONGEST_REASON,
            "opts": page.model._meta,
        }
        return TemplateResponse(request, "services/admin/reason.html", context)
    for row in queryset:
        _one(page, request, row, done, lambda actor, row=row: act(row, reason))
    return None


def _one(page: ModelAdmin, request: HttpRequest, row: Model, done: Any, act: Callable[..., Any], **named: Any) -> None:
    """Each row has its own answer: a refused one does not stop the others."""
    try:
        act(actor=request.user, **named)
    except DomainError as refusal:
        page.message_user(request, f"{row}: {refusal.message}", messages.WARNING)
    else:
        page.message_user(request, done % {"name": row}, messages.SUCCESS)
