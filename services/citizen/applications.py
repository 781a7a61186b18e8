"""The applicant's own applications: start, fill in, check, send, follow, withdraw."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.errors import Conflict, DomainError
from portal.files import open_download
from portal.kept_forms import forget_fields, kept_fields, kept_over_sign_in
from portal.personal_pages import kept_until_changed
from services.actions import (
    add_document,
    remove_document,
    save_section,
    start_application,
    submit_application,
    withdraw_application,
)
from services.citizen.pages import (
    address_after,
    application_page,
    cards,
    certificate_page,
    check_page,
    documents_page,
    section_page,
    submitted_page,
)
from services.forms import parse_post
from services.models import Application, Certificate
from services.policies import can_edit
from services.queries import (
    TASKS,
    application_for_applicant,
    application_to_change,
    applications_version,
    listed_applications,
    service_for_public,
)

PAGE_SIZE = 10


def _own(request: HttpRequest, reference: str) -> Application:
    fetch = application_to_change if request.method == "POST" else application_for_applicant
    return fetch(request.user, request.acting_for, reference)


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever had to sign in before the form counted comes back by GET, and finds the button again."""
    service = service_for_public(slug)
    if request.method != "POST":
        return redirect("services:service", service.slug)
    try:
        application = start_application(slug=slug, actor=request.user, acting_for=request.acting_for)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("services:service", slug)
    return redirect("services:application", application.reference)


def _list_version(request: HttpRequest) -> str:
    return applications_version(request.user, request.acting_for)


@require_safe
@kept_until_changed(_list_version)
def applications(request: HttpRequest) -> HttpResponse:
    found = listed_applications(request.user, request.acting_for).prefetch_related(TASKS)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = cards(page.object_list)
    return render(request, "services/citizen/applications.html", {"nav": "applications", "page": page})


@require_safe
def application(request: HttpRequest, reference: str) -> HttpResponse:
    context = application_page(_own(request, reference))
    return render(request, "services/citizen/application.html", context | {"nav": "applications"})


@kept_over_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, reference: str, section: str) -> HttpResponse:
    """One group of questions. A wrong answer shows the page again with what was written (422)."""
    own = _own(request, reference)
    if section not in {part.key for part in own.definition.sections}:
        raise Http404
    if not can_edit(own):
        return _already_sent(request, own)
    if request.method != "POST":
        return _show_section(request, own, section)
    forget_fields(request)
    raw, changed = parse_post(own.definition, section, request.POST, own.answers)
    if changed:
        return render(request, "services/citizen/section.html", section_page(own, section, raw))
    return _save(request, own, section, raw)


def _show_section(request: HttpRequest, own: Application, section: str) -> HttpResponse:
    """As it was saved; or as it was written by somebody who then had to sign in, for them to check and save."""
    raw = None
    if (kept := kept_fields(request)) is not None:
        raw, _changed = parse_post(own.definition, section, kept, own.answers)
        messages.info(request, _("Your session had ended. What you wrote is kept here: check it, then save it."))
    return render(request, "services/citizen/section.html", section_page(own, section, raw))


def _save(request: HttpRequest, own: Application, section: str, raw: dict[str, Any]) -> HttpResponse:
    try:
        saved, cleaned = save_section(reference=own.reference, actor=request.user, section=section, raw=raw)
    except Conflict:
        return _already_sent(request, own)
    if cleaned.errors:
        context = section_page(own, section, raw, cleaned.errors)
        return render(request, "services/citizen/section.html", context, status=422)
    return redirect(_after(saved, section, request.POST.get("then", "next")))


def _after(application: Application, section: str, then: str) -> str:
    """Where saving leads: the task list, or the next section, the documents, the check page."""
    if then == "list":
        return reverse("services:application", args=[application.reference])
    return address_after(application, section)


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, reference: str) -> HttpResponse:
    own = _own(request, reference)
    if not can_edit(own):
        return _already_sent(request, own)
    if request.method != "POST":
        return render(request, "services/citizen/documents.html", documents_page(own))
    kind = request.POST.get("kind", "")
    try:
        _change_document(request, own, kind)
    except DomainError as refusal:
        context = documents_page(own, {kind: str(refusal.message)})
        return render(request, "services/citizen/documents.html", context, status=422)
    return redirect("services:documents", own.reference)


def _change_document(request: HttpRequest, own: Application, kind: str) -> None:
    if request.POST.get("remove"):
        remove_document(reference=own.reference, actor=request.user, kind=kind)
    elif "file" in request.FILES:
        add_document(reference=own.reference, actor=request.user, kind=kind, upload=request.FILES["file"])
        messages.success(request, _("The document has been saved."))
    else:
        raise DomainError(_("Choose the file first, then press upload."), "no_file")


@require_safe
def document(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    given = get_object_or_404(_own(request, reference).documents.select_related("file"), pk=pk)
    return open_download(given.file)


@require_safe
def check(request: HttpRequest, reference: str) -> HttpResponse:
    own = _own(request, reference)
    if not can_edit(own):
        return _already_sent(request, own)
    context = check_page(own)
    if context["incomplete"]:
        messages.warning(request, _("Finish every part first; then you can check and send."))
        return redirect("services:application", own.reference)
    return render(request, "services/citizen/check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Sending twice, by a double click or the back button, leads to the same receipt.

    Whoever had to sign in on the last page comes back by GET, and finds that page as it was.
    """
    own = _own(request, reference)
    if request.method != "POST":
        return redirect("services:check", own.reference)
    try:
        submit_application(reference=reference, actor=request.user, declared=request.POST.get("declaration") == "yes")
    except Conflict as conflict:
        return _refused_submission(request, own, conflict)
    except DomainError as refusal:
        context = check_page(own) | {"errors": [{"text": refusal.message, "anchor": "declaration"}]}
        return render(request, "services/citizen/check.html", context, status=422)
    return redirect("services:submitted", reference)


def _refused_submission(request: HttpRequest, own: Application, conflict: Conflict) -> HttpResponse:
    if conflict.code == "already_submitted":
        return redirect("services:submitted", own.reference)
    messages.error(request, conflict.message)
    return render(request, "services/citizen/application.html", application_page(own), status=409)


@require_safe
def submitted(request: HttpRequest, reference: str) -> HttpResponse:
    own = _own(request, reference)
    if own.submitted_at is None:
        return redirect("services:application", reference)
    return render(request, "services/citizen/submitted.html", submitted_page(own))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    own = _own(request, reference)
    if request.method != "POST":
        return redirect(own_address(own))
    try:
        withdraw_application(reference=own.reference, actor=request.user)
    except Conflict as conflict:
        messages.error(request, conflict.message)
    else:
        messages.success(request, _("The application has been withdrawn."))
    return redirect("services:applications" if own.submitted_at is None else own_address(own))


def own_address(application: Application) -> str:
    return reverse("services:application", args=[application.reference])


@require_safe
def certificate(request: HttpRequest, reference: str) -> HttpResponse:
    """The document as a page: the same content as the PDF, for screens and screen readers."""
    issued = _issued(_own(request, reference))
    return render(request, "services/citizen/certificate.html", certificate_page(issued))


@require_safe
def certificate_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    return open_download(_issued(_own(request, reference)).file)


def _issued(application: Application) -> Certificate:
    return get_object_or_404(Certificate.objects.select_related("file"), application=application, file__isnull=False)


def _already_sent(request: HttpRequest, own: Application) -> HttpResponse:
    messages.info(request, _("This application has already been sent and can no longer be changed."))
    return redirect("services:application", own.reference)
