"""The catalogue: services in short, and their whole definition."""

from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from services.api.serializers.common import InstitutionSerializer, Strict, TextSerializer
from services.definitions.fees import fee_summary
from services.definitions.loader import vocabulary
from services.models import Service

CERTAINTY = "How sure the figure is: published, published-secondary, general_knowledge or illustrative."
ANY_OBJECT = {"type": "object", "additionalProperties": True}


class CatalogueQuery(Strict):
    q = serializers.CharField(
        required=False, max_length=100, help_text=_("Words to look for; misspelling is forgiven.")
    )
    audience = serializers.ChoiceField(required=False, choices=Service.Audience.values)
    category = serializers.SlugField(required=False, max_length=60, help_text=_("Code of a life or business event."))
    institution = serializers.CharField(
        required=False, max_length=40, validators=[RegexValidator(r"^[A-Za-z0-9_-]+\Z")]
    )
    page = serializers.IntegerField(required=False, min_value=1, max_value=100_000)
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=100)


class CategorySerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class CountedCategorySerializer(CategorySerializer):
    services = serializers.IntegerField(source="service_count", help_text="How many services are open under it.")


class FeeSummaryLineSerializer(serializers.Serializer):
    label = TextSerializer()
    amount = TextSerializer(help_text="An amount, or a rate in words.")
    certainty = serializers.CharField(source="status", help_text=CERTAINTY)
    is_estimate = serializers.BooleanField(help_text="True unless the institution itself published it.")


class FeeSummarySerializer(serializers.Serializer):
    is_free = serializers.BooleanField()
    is_estimate = serializers.BooleanField()
    lines = FeeSummaryLineSerializer(many=True)


class ServiceSerializer(serializers.Serializer):
    slug = serializers.SlugField()
    title = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    audience = serializers.ChoiceField(choices=Service.Audience.values)
    category = CategorySerializer()
    institution = InstitutionSerializer()
    working_days = serializers.IntegerField(source="definition.processing_time.working_days")
    is_open = serializers.BooleanField(help_text="False once retired: nothing new may be started.")
    fee = serializers.SerializerMethodField()

    @extend_schema_field(TextSerializer)
    def get_title(self, service: Service) -> dict[str, str]:
        return service.definition.title.model_dump()

    @extend_schema_field(TextSerializer)
    def get_summary(self, service: Service) -> dict[str, str]:
        return service.definition.summary.model_dump()

    @extend_schema_field(FeeSummarySerializer)
    def get_fee(self, service: Service) -> dict[str, Any]:
        lines = fee_summary(service.definition)
        estimate = any(line.is_estimate for line in lines)
        return FeeSummarySerializer({"is_free": not lines, "is_estimate": estimate, "lines": lines}).data


class OptionSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = TextSerializer()


class ColumnSerializer(serializers.Serializer):
    name = serializers.CharField()
    type = serializers.CharField()
    label = TextSerializer()
    help = TextSerializer(allow_null=True)
    required = serializers.BooleanField()
    sensitive = serializers.BooleanField()
    options = OptionSerializer(many=True)
    validation = serializers.SerializerMethodField()

    @extend_schema_field(ANY_OBJECT)
    def get_validation(self, column: Any) -> dict[str, Any]:
        return column.validation.model_dump(mode="json", exclude_none=True)


class RepeatSerializer(serializers.Serializer):
    min = serializers.IntegerField()
    max = serializers.IntegerField()


class FieldSerializer(ColumnSerializer):
    show_if = serializers.SerializerMethodField(help_text="Asked only while this condition holds.")
    required_if = serializers.SerializerMethodField()
    locked = serializers.BooleanField(help_text="What the portal knows wins over what is sent.")
    computed = serializers.SerializerMethodField(help_text="Worked out by the portal; what is sent is ignored.")
    columns = ColumnSerializer(many=True)
    repeat = RepeatSerializer(allow_null=True)

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_show_if(self, field: Any) -> dict[str, Any] | None:
        return _condition(field.show_if)

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_required_if(self, field: Any) -> dict[str, Any] | None:
        return _condition(field.required_if)

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": True})
    def get_computed(self, field: Any) -> dict[str, str] | None:
        return field.computed.words.model_dump() if field.computed else None


def _condition(condition: Any) -> dict[str, Any] | None:
    return condition.model_dump(mode="json", by_alias=True, exclude_none=True) if condition else None


class SectionSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = TextSerializer()

    def get_fields(self) -> dict[str, Any]:
        """`fields` is the word of the definitions, and of serializers too, so it cannot be declared above."""
        return super().get_fields() | {"fields": FieldSerializer(many=True)}


class StageSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = TextSerializer()
    role = serializers.CharField()
    working_days = serializers.IntegerField()


class CharterSerializer(serializers.Serializer):
    other_channels = TextSerializer()
    contact = TextSerializer()
    appeal = TextSerializer()
    certainty = serializers.CharField(source="status", help_text=CERTAINTY)


class OutputSerializer(serializers.Serializer):
    kind = serializers.CharField()
    title = TextSerializer()
    qr_verifiable = serializers.BooleanField()


class DocumentRequirementSerializer(serializers.Serializer):
    kind = serializers.CharField()
    label = TextSerializer()
    mandatory = serializers.BooleanField()
    when = serializers.JSONField(allow_null=True, help_text="Needed only while this condition on the answers holds.")


class ServiceDetailSerializer(ServiceSerializer):
    version = serializers.IntegerField(source="current_version.number")
    sha256 = serializers.CharField(source="current_version.sha256", help_text="Digest of this version.")
    eligibility = serializers.SerializerMethodField()
    channels = serializers.ListField(child=serializers.CharField(), source="definition.channels")
    in_person_step = serializers.SerializerMethodField()
    processing_time_certainty = serializers.CharField(source="definition.processing_time.status", help_text=CERTAINTY)
    sections = SectionSerializer(many=True, source="definition.sections")
    documents = serializers.SerializerMethodField()
    stages = StageSerializer(many=True, source="definition.stages")
    output = OutputSerializer(source="definition.output")
    charter = CharterSerializer(source="definition.charter")

    @extend_schema_field(TextSerializer)
    def get_eligibility(self, service: Service) -> dict[str, str]:
        return service.definition.eligibility.model_dump()

    @extend_schema_field({"oneOf": [{"$ref": "#/components/schemas/Text"}, {"type": "null"}]})
    def get_in_person_step(self, service: Service) -> dict[str, str] | None:
        step = service.definition.in_person_step
        return step.model_dump() if step else None

    @extend_schema_field(DocumentRequirementSerializer(many=True))
    def get_documents(self, service: Service) -> list[dict[str, Any]]:
        return [
            {
                "kind": wanted.document,
                "label": vocabulary().documents[wanted.document].label.model_dump(),
                "mandatory": wanted.mandatory,
                "when": _condition(wanted.when),
            }
            for wanted in service.definition.documents
        ]
