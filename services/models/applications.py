"""An application, its answers and its timeline."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.definitions.schema import Definition
from services.models.catalogue import definition_of
from services.workflow.states import LABELS, TONES, WITH_THE_APPLICANT, State

BILL_SUBJECT = "services.application:"


def _in(*states: State) -> Q:
    """With plain strings, so that a migration does not import this app."""
    return Q(state__in=[state.value for state in states])


class Application(models.Model):
    """One request for one service. Only `services.actions.moves` writes `state`."""

    class Channel(models.TextChoices):
        WEB = "web", _("Web")
        API = "api", _("Programme of a partner")

    reference = models.CharField(_("reference"), max_length=30, unique=True, editable=False)
    version = models.ForeignKey(
        "services.ServiceVersion",
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("version"),
    )
    service = models.ForeignKey(
        "services.Service", on_delete=models.PROTECT, related_name="applications", verbose_name=_("service")
    )
    institution = models.ForeignKey(
        "accounts.Institution",
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("institution"),
    )
    applicant = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, related_name="applications", verbose_name=_("applicant")
    )
    acting_for = models.ForeignKey(
        "accounts.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("on behalf of"),
    )
    start_key = models.CharField(_("key of the start"), max_length=64, null=True, blank=True, editable=False)
    """What a programme sent along, so that a start that it repeats is the same application again."""
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=[(state.value, LABELS[state]) for state in State],
        default=State.DRAFT.value,
    )
    answers: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(_("answers"), default=dict)
    declared_at = models.DateTimeField(_("declared"), null=True, blank=True)
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    """Moves with everything that the list of applications shows of it."""
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    public_reason = models.TextField(_("reason given to the applicant"), blank=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["applicant", "-id"], name="application_by_applicant"),
            models.Index(fields=["acting_for", "-id"], name="application_by_organisation"),
            models.Index(fields=["applicant", "-changed_at"], name="application_changed_for_person"),
            models.Index(fields=["acting_for", "-changed_at"], name="application_changed_for_body"),
            models.Index(fields=["state", "saved_at"], name="application_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["applicant", "start_key"], name="application_started_once_for_key"),
            models.CheckConstraint(
                name="application_submitted_has_time",
                condition=_in(State.DRAFT, State.WITHDRAWN, State.LAPSED)
                | Q(submitted_at__isnull=False, declared_at__isnull=False),
                violation_error_message=_("A submitted application needs its declaration and time."),
            ),
            models.CheckConstraint(
                name="application_decided_has_time",
                condition=~_in(State.APPROVED, State.ISSUED, State.REJECTED) | Q(decided_at__isnull=False),
                violation_error_message=_("A decided application needs the time of the decision."),
            ),
            models.CheckConstraint(
                name="application_refusal_has_reason",
                condition=~_in(State.RETURNED, State.REJECTED) | ~Q(public_reason=""),
                violation_error_message=_("Give the reason that the applicant will read."),
            ),
            models.CheckConstraint(
                name="application_decided_after_submission",
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("submitted_at")),
                violation_error_message=_("A decision comes after the submission."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def definition(self) -> Definition:
        return definition_of(self.version_id)

    @property
    def status(self) -> State:
        return State(self.state)

    @property
    def state_label(self) -> str | Promise:
        return LABELS[self.status]

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def waits_for_applicant(self) -> bool:
        return self.status in WITH_THE_APPLICANT

    @property
    def bill_subject(self) -> str:
        """How a bill names this application; payments knows no more of it."""
        return BILL_SUBJECT + self.reference


class Event(models.Model):
    """One line of the timeline: what the applicant reads, and what only the office reads."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="events", verbose_name=_("application")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    code = models.CharField(_("kind"), max_length=40)
    actor = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    stage = models.CharField(_("stage"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=20)
    public_note = models.TextField(_("note for the applicant"), blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.code}"
