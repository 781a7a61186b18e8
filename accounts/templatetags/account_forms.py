"""Forms in the design of the portal: the right class on each control, and errors that link to their field."""

from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

from accounts.roles import role_name
from portal.identifiers import format_phone, format_tin

register = template.Library()

CLASSES = (
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.widgets.Input, "input"),
)


@register.filter
def control(field: BoundField) -> SafeString:
    """The input itself. Ids of hint and error follow Django's, which its aria-describedby names."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    drawn = next((name for kind, name in CLASSES if isinstance(widget, kind)), "")
    return field.as_widget(attrs={"class": f"{drawn} {own}".strip()} if drawn else {})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_radio(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect)


@register.filter
def summary(form: forms.BaseForm) -> list[dict[str, Any]]:
    """Errors for components/error_summary.html; hidden fields have no anchor to go to."""
    found = [{"text": text, "anchor": ""} for text in form.non_field_errors()]
    for field in form:
        anchor = "" if field.is_hidden else field.id_for_label or field.auto_id
        found += [{"text": text, "anchor": anchor} for text in field.errors]
    return found


@register.filter
def phone(number: str | None) -> str:
    return format_phone(number) if number else ""


@register.filter
def tin(number: str) -> str:
    return format_tin(number)


@register.filter
def hidden_nin(nin: str) -> str:
    """Enough for its owner to know it by, on a screen that others may see."""
    return f"{nin[:4]}••••••••••••{nin[-4:]}"


@register.filter(name="role_name")
def name_of_role(code: str) -> str:
    return role_name(code)
