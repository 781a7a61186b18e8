"""People, roles, institutions and mandates in the administration. Changes go through the actions."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources
from import_export.admin import ImportExportModelAdmin
from import_export.widgets import ForeignKeyWidget
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.import_export.forms import ExportForm, ImportForm
from unfold.widgets import UnfoldAdminSelectWidget

from accounts.actions import grant_role, revoke_mandate, revoke_role
from accounts.models import Institution, Membership, Organisation, Person, RoleGrant
from accounts.policies import can_grant_roles
from accounts.roles import role_choices, role_name
from accounts.templatetags.account_forms import hidden_nin
from accounts.verbs import INSTITUTION_SYNCED, PERSON_CHANGED
from portal.admin import Confidential
from portal.audit import record
from portal.errors import DomainError

# The door to the administration is the portal's own: codes, second step and limits apply to it.
admin.site.login = secure_admin_login(admin.site.login)
# Roles take the place of groups; emails, keys and sessions belong to their owners alone.
for _model in (Group, EmailAddress, Authenticator, UserSession):
    admin.site.unregister(_model)


class Kept:
    """Rows that nobody adds here and nobody ever deletes."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Recorded(Kept):
    """Rows that say what happened: looked at, never edited."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RoleGrantInline(Recorded, TabularInline):
    model = RoleGrant
    fk_name = "person"
    fields = readonly_fields = ("role_name", "institution", "granted_by", "granted_at", "expires_at", "revoked_at")
    extra = 0

    @admin.display(description=_("role"))
    def role_name(self, grant: RoleGrant) -> str:
        return role_name(grant.role)


class MembershipInline(Recorded, TabularInline):
    model = Membership
    fields = readonly_fields = ("organisation", "role", "granted_by", "granted_at", "expires_at", "revoked_at")
    fk_name = "person"
    extra = 0


class MemberInline(MembershipInline):
    fields = readonly_fields = ("person", "role", "granted_by", "granted_at", "expires_at", "revoked_at")
    fk_name = "organisation"


@admin.register(Person)
class PersonAdmin(Confidential, Kept, ModelAdmin):
    """No password, no key and no address can be set here: with them an administrator could act as the person."""

    list_display = ("full_name", "email", "phone", "employer", "is_staff", "is_active", "last_login")
    list_filter = ("is_active", "is_staff", "language", "role_grants__role", "employer")
    list_select_related = ("employer",)
    search_fields = ("full_name", "email", "phone", "check_number", "nin")
    autocomplete_fields = ("employer",)
    inlines = (RoleGrantInline, MembershipInline)
    readonly_fields = (
        "email", "email_verified_at", "phone", "phone_verified_at", "shown_nin",
        "is_superuser", "last_login", "date_joined",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("full_name", "language", "shown_nin")}),
        (_("Addresses"), {"fields": (("email", "email_verified_at"), ("phone", "phone_verified_at"))}),
        (_("Public service"), {"fields": ("check_number", "employer")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser", "last_login", "date_joined")}),
    )

    @admin.display(description=_("national ID number (NIN)"))
    def shown_nin(self, person: Person) -> str:
        return hidden_nin(person.nin) if person.nin else ""

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Nobody changes the access of their own account."""
        own = obj is not None and obj.pk == request.user.pk
        return not own and super().has_change_permission(request, obj)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Person, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            record(PERSON_CHANGED, obj, actor=request.user, changed=sorted(form.changed_data))


class RoleGrantForm(forms.ModelForm):
    role = forms.ChoiceField(label=_("Role"), choices=role_choices, widget=UnfoldAdminSelectWidget)
    actor: Person

    class Meta:
        model = RoleGrant
        fields = ("person", "role", "institution", "expires_at")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        person = cleaned.get("person")
        if person is not None and not can_grant_roles(self.actor, person):
            raise ValidationError(_("Nobody grants or revokes a role of their own."), code="own_role")
        return cleaned

    def validate_constraints(self) -> None:
        """The action answers for them: it closes an expired grant and returns a live one."""


@admin.register(RoleGrant)
class RoleGrantAdmin(Confidential, ModelAdmin):
    """Grants are given and revoked, never edited."""

    form = RoleGrantForm
    list_display = ("person", "name_of_role", "institution", "granted_by", "granted_at", "expires_at", "revoked_at")
    list_filter = ("role", "institution")
    list_select_related = ("person", "institution", "granted_by")
    search_fields = ("person__full_name", "person__email", "person__phone")
    autocomplete_fields = ("person", "institution")
    actions = ("revoke",)

    @admin.display(description=_("role"), ordering="role")
    def name_of_role(self, grant: RoleGrant) -> str:
        return role_name(grant.role)

    def get_form(self, request: HttpRequest, obj: RoleGrant | None = None, **kwargs: Any) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        return type("ActingRoleGrantForm", (form,), {"actor": request.user})

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: forms.ModelForm, change: bool) -> None:
        grant = grant_role(actor=request.user, **form.cleaned_data)
        obj.pk = grant.pk

    def has_change_permission(self, request: HttpRequest, obj: RoleGrant | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RoleGrant | None = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_rolegrant")

    @admin.action(description=_("Revoke the role"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[RoleGrant]) -> None:
        for grant in queryset:
            _act(self, request, grant, lambda grant: revoke_role(grant=grant, actor=request.user))


class InstitutionResource(resources.ModelResource):
    parent = fields.Field("parent", "parent", ForeignKeyWidget(Institution, "code"))

    class Meta:
        model = Institution
        import_id_fields = ("code",)
        fields = (
            "code", "name_sw", "name_en", "kind", "parent", "reference_prefix", "gepg_sp_code", "is_active",
        )  # fmt: skip
        skip_unchanged = True
        use_transactions = True

    def after_save_instance(self, instance: Institution, row: Any, **kwargs: Any) -> None:
        record(INSTITUTION_SYNCED, instance, actor=kwargs.get("user"), changed=sorted(row))


@admin.register(Institution)
class InstitutionAdmin(ModelAdmin, ImportExportModelAdmin):
    resource_classes = (InstitutionResource,)
    import_form_class = ImportForm
    export_form_class = ExportForm
    list_display = ("code", "name", "kind", "parent", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("parent",)
    search_fields = ("code", "name_sw", "name_en")
    autocomplete_fields = ("parent",)

    @admin.display(description=_("name"))
    def name(self, institution: Institution) -> str:
        return institution.name

    def has_import_permission(self, request: HttpRequest, *args: Any, **kwargs: Any) -> bool:
        return request.user.has_perm("accounts.change_institution")

    def has_delete_permission(self, request: HttpRequest, obj: Institution | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Institution | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Institution, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            record(INSTITUTION_SYNCED, obj, actor=request.user, changed=sorted(form.changed_data))


@admin.register(Organisation)
class OrganisationAdmin(Confidential, Recorded, ModelAdmin):
    list_display = ("name", "kind", "tin", "brela_number", "institution", "created_at")
    list_filter = ("kind",)
    list_select_related = ("institution",)
    search_fields = ("name", "tin", "brela_number")
    inlines = (MemberInline,)


@admin.register(Membership)
class MembershipAdmin(Confidential, Recorded, ModelAdmin):
    list_display = ("organisation", "person", "role", "granted_by", "granted_at", "expires_at", "revoked_at")
    list_filter = ("role", "organisation__kind")
    list_select_related = ("organisation", "person", "granted_by")
    search_fields = ("organisation__name", "organisation__tin", "person__full_name", "person__email")
    actions = ("revoke",)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_membership")

    @admin.action(description=_("Take the mandate back"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for mandate in queryset:
            _act(self, request, mandate, lambda mandate: revoke_mandate(mandate=mandate, actor=request.user))


def _act(page: ModelAdmin, request: HttpRequest, row: Model, act: Any) -> None:
    """One row at a time, each with its own answer: a refused one does not stop the others."""
    try:
        act(row)
    except DomainError as refusal:
        page.message_user(request, f"{row}: {refusal.message}", messages.WARNING)
    else:
        page.message_user(request, _("Done: %(row)s") % {"row": row}, messages.SUCCESS)
