"""Pages where people look after their details, their organisations and the capacity in which they act."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.forms import ClerkForm, OrganisationForm, ProfileForm
from accounts.models import Membership, Organisation
from accounts.policies import can_manage_mandates
from accounts.queries import (
    live_grants,
    mandates_of_organisation,
    mandates_of_person,
    organisation_for_member,
)
from portal.errors import DomainError

any_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    waiting = request.user.emailaddress_set.filter(verified=False).first()
    return render(
        request,
        "accounts/profile.html",
        {
            "waiting_email": waiting,
            "person": request.user,
            "grants": live_grants(request.user),
            "mandates": mandates_of_person(request.user),
        },
    )


@any_form
def edit_profile(request: HttpRequest) -> HttpResponse:
    person = request.user
    initial = {name: getattr(person, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.update_profile(actor=person, **form.cleaned_data)
        messages.success(request, _("Your details are saved."))
        return redirect("accounts:profile")
    return _page(request, "accounts/edit_profile.html", form)


@require_safe
def choose_acting(request: HttpRequest) -> HttpResponse:
    context = {"mandates": mandates_of_person(request.user), "next": request.GET.get("next", "")}
    return render(request, "accounts/choose_acting.html", context)


@require_POST
def act_for(request: HttpRequest, pk: int) -> HttpResponse:
    organisation = _organisation(request, pk)
    actions.act_for(session=request.session, actor=request.user, organisation=organisation)
    messages.success(request, _("You now act for %(name)s.") % {"name": organisation.name})
    return redirect(_next(request))


@require_POST
def act_for_self(request: HttpRequest) -> HttpResponse:
    actions.act_for_self(session=request.session)
    messages.success(request, _("You now act for yourself."))
    return redirect(_next(request))


@any_form
def register_organisation(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organisation = actions.register_organisation(actor=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("tin", str(error.message))
        else:
            messages.success(request, _("%(name)s is registered. You are its owner.") % {"name": organisation.name})
            return redirect("accounts:organisation", organisation.pk)
    return _page(request, "accounts/register_organisation.html", form)


@any_form
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """The people who act for an organisation; its owners add clerks here."""
    found = _organisation(request, pk)
    manages = can_manage_mandates(request.user, found)
    form = ClerkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_clerk(organisation=found, person=form.person, actor=request.user)
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("%(name)s may now act for the organisation.") % {"name": form.person})
        return redirect("accounts:organisation", found.pk)
    context = {"organisation": found, "mandates": mandates_of_organisation(found), "manages": manages}
    return _page(request, "accounts/organisation.html", form, **context)


@require_POST
def revoke_mandate(request: HttpRequest, pk: int, mandate_pk: int) -> HttpResponse:
    mandate = get_object_or_404(Membership.objects.live(), pk=mandate_pk, organisation=_organisation(request, pk))
    try:
        actions.revoke_mandate(mandate=mandate, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("%(name)s may no longer act for the organisation.") % {"name": mandate.person})
    if mandate.person_id == request.user.pk:
        return redirect("accounts:choose_acting")
    return redirect("accounts:organisation", pk)


def _organisation(request: HttpRequest, pk: int) -> Organisation:
    """404 for everybody without a live mandate."""
    found = organisation_for_member(request.user, pk)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, template: str, form: object, **context: object) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else "services:applications"
