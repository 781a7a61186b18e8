"""Messages in words: strict templates, and the recipient's language whoever is at work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NoReturn

from django.conf import settings
from django.template import Context, Engine
from django.utils import timezone, translation

from portal.notifications.gsm7 import to_gsm7
from portal.notifications.kinds import NotificationKind


class UndefinedVariable(Exception):
    """A text speaks of something that it was not given: a mistake in the program, never sent to a person."""


class _Undefined(str):
    """Django formats `string_if_invalid` with the name of a missing variable; this one refuses."""

    def __mod__(self, name: Any) -> NoReturn:
        raise UndefinedVariable(str(name))


@dataclass(frozen=True)
class Texts:
    subject: str
    body: str
    sms: str


def render(kind: NotificationKind, context: Mapping[str, Any], language: str) -> Texts:
    """The three texts of a message. UndefinedVariable unless `context` is exactly what the kind declares."""
    _check(kind, context)
    with translation.override(language):
        values = {name: _plain(context.get(name)) for name in kind.sample_context} | {"today": timezone.localdate()}
        subject, body, sms = (_text(f"{kind.code}/{part}.txt", values) for part in ("subject", "body", "sms"))
    return Texts(subject=" ".join(subject.split()), body=body, sms=to_gsm7(" ".join(sms.split())))


def render_email(*, name: str, body: str, link: str, language: str) -> str:
    with translation.override(language):
        return _text("email.txt", {"name": name, "body": body, "link": link})


def _check(kind: NotificationKind, context: Mapping[str, Any]) -> None:
    given = {name for name, value in context.items() if value is not None and value != ""}
    declared = set(kind.sample_context)
    if missing := declared - kind.optional - given:
        raise UndefinedVariable(f"{kind.code} needs {sorted(missing)}")
    if unknown := set(context) - declared:
        raise UndefinedVariable(f"{kind.code} does not speak of {sorted(unknown)}")


def _plain(value: Any) -> date | str | None:
    """Days stay days; all else becomes text here, under the recipient's language."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date()
    return value if value is None or isinstance(value, date) else str(value)


def _text(template: str, values: dict[str, Any]) -> str:
    return _engine().get_template(f"notifications/{template}").render(Context(values, autoescape=False)).strip()


@cache
def _engine() -> Engine:
    return Engine(
        dirs=[str(settings.BASE_DIR / "templates")],
        autoescape=False,
        string_if_invalid=_Undefined("%s"),
        builtins=["django.templatetags.i18n", "portal.templatetags.formats"],
    )
