"""Applications: what is sent to change them and what is told about them."""

from rest_framework import serializers

from services.api.serializers.common import (
    InstitutionSerializer,
    ProblemEntrySerializer,
    Strict,
    TextSerializer,
)
from services.models import Application
from services.workflow.states import State

LONGEST_REASON = 1000
STATES = [state.value for state in State]
SECTION_STATES = ["not_started", "in_progress", "complete"]
STAGE_STATES = ["done", "current", "next", "stopped"]
STEPS = ["complete_section", "add_document", "submit", "pay", "download", "withdraw"]


class ApplicationsQuery(Strict):
    state = serializers.ChoiceField(required=False, choices=STATES)
    page = serializers.IntegerField(required=False, min_value=1, max_value=100_000)
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=100)


class StartSerializer(Strict):
    service = serializers.SlugField(max_length=80, help_text="Slug of an open service.")


class SubmitSerializer(Strict):
    declared = serializers.BooleanField(help_text="True: what is written is true and complete.")


class WithdrawSerializer(Strict):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_REASON, default="")


class UploadSerializer(Strict):
    kind = serializers.CharField(max_length=60, help_text="One of the kinds that the application asks for.")
    file = serializers.FileField(help_text="PDF, JPEG or PNG; recognised by its content, whatever its name.")


class ServiceInShortSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    title = serializers.CharField()
    version = serializers.IntegerField()


class OrganisationSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ApplicationSerializer(serializers.Serializer):
    reference = serializers.CharField()
    service = ServiceInShortSerializer()
    institution = InstitutionSerializer()
    acting_for = OrganisationSerializer(allow_null=True)
    channel = serializers.ChoiceField(choices=Application.Channel.values)
    state = serializers.ChoiceField(choices=STATES)
    state_text = serializers.CharField()
    reason = serializers.CharField(allow_blank=True, help_text="Why it was returned or rejected.")
    started_at = serializers.DateTimeField()
    saved_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)


class SectionInShortSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    state = serializers.ChoiceField(choices=SECTION_STATES)


class SectionAnswersSerializer(SectionInShortSerializer):
    answers = serializers.DictField(child=serializers.JSONField(allow_null=True))
    errors = ProblemEntrySerializer(many=True, help_text="What is still missing or wrong in what is kept.")
    known = serializers.DictField(
        child=serializers.JSONField(), help_text="What the portal knows and offers for fields that are empty."
    )


class FileSerializer(serializers.Serializer):
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    added_at = serializers.DateTimeField()


class DocumentSerializer(serializers.Serializer):
    kind = serializers.CharField()
    label = serializers.CharField()
    mandatory = serializers.BooleanField()
    file = FileSerializer(allow_null=True)


class FeeLineSerializer(serializers.Serializer):
    label = TextSerializer()
    amount = serializers.DecimalField(max_digits=17, decimal_places=2)
    certainty = serializers.CharField(source="status")


class FeeSerializer(serializers.Serializer):
    currency = serializers.CharField()
    total = serializers.DecimalField(max_digits=17, decimal_places=2)
    is_estimate = serializers.BooleanField()
    payable_at = serializers.CharField()
    lines = FeeLineSerializer(many=True)
    rule = TextSerializer()


class BillInShortSerializer(serializers.Serializer):
    number = serializers.CharField()
    state = serializers.CharField()
    control_number = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    amount = serializers.DecimalField(max_digits=17, decimal_places=2)


class CertificateInShortSerializer(serializers.Serializer):
    number = serializers.CharField()
    status = serializers.CharField()
    issued_at = serializers.DateTimeField()
    expires_on = serializers.DateField(allow_null=True)


class NextStepSerializer(serializers.Serializer):
    """What the applicant can do now; `url` and `method` do it."""

    action = serializers.ChoiceField(choices=STEPS)
    text = serializers.CharField()
    method = serializers.ChoiceField(choices=["GET", "PATCH", "POST"])
    url = serializers.CharField()


class ApplicationDetailSerializer(ApplicationSerializer):
    sections = SectionInShortSerializer(many=True)
    documents = DocumentSerializer(many=True)
    errors = ProblemEntrySerializer(many=True, help_text="What still stops the application from being sent.")
    fee = FeeSerializer(allow_null=True, help_text="As it follows from the answers; null while they lead to none.")
    bill = BillInShortSerializer(allow_null=True)
    certificate = CertificateInShortSerializer(allow_null=True)
    next_steps = NextStepSerializer(many=True)


class TimelineEntrySerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    text = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class StageLineSerializer(serializers.Serializer):
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=STAGE_STATES)
    office = serializers.CharField(required=False)
    due = serializers.DateField(required=False)
    date = serializers.DateTimeField(required=False, allow_null=True)


class TimelineSerializer(serializers.Serializer):
    events = TimelineEntrySerializer(many=True)
    stages = StageLineSerializer(many=True)
