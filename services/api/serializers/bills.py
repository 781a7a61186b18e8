"""Bills and receipts as their payer sees them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from payments.models import Bill, BillLine
from payments.states import BillState
from services.api.serializers.common import InstitutionSerializer, Strict, TextSerializer

MONEY: dict[str, Any] = {"max_digits": 17, "decimal_places": 2}
STATES = [state.value for state in BillState]


class PagesQuery(Strict):
    page = serializers.IntegerField(required=False, min_value=1, max_value=100_000)
    page_size = serializers.IntegerField(required=False, min_value=1, max_value=100)


class BillSerializer(serializers.Serializer):
    number = serializers.CharField()
    subject = serializers.CharField(help_text="What is paid for, such as services.application:<reference>.")
    description = serializers.CharField(source="title")
    institution = InstitutionSerializer()
    payer_name = serializers.CharField()
    currency = serializers.CharField()
    amount = serializers.DecimalField(**MONEY)
    paid_amount = serializers.DecimalField(**MONEY)
    state = serializers.ChoiceField(choices=STATES)
    state_text = serializers.SerializerMethodField()
    control_number = serializers.CharField(allow_null=True, help_text="Null until the gateway has given one.")
    payable_now = serializers.BooleanField(source="can_be_paid_now")
    issued_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)

    def get_state_text(self, bill: Bill) -> str:
        return str(bill.get_state_display())


class BillLineSerializer(serializers.Serializer):
    label = serializers.SerializerMethodField()
    gfs_code = serializers.CharField()
    amount = serializers.DecimalField(**MONEY)
    certainty = serializers.CharField(allow_blank=True)

    @extend_schema_field(TextSerializer)
    def get_label(self, line: BillLine) -> dict[str, str]:
        return {"sw": line.label_sw, "en": line.label_en}


class ReceiptSerializer(serializers.Serializer):
    number = serializers.CharField()
    gateway_receipt = serializers.CharField()
    currency = serializers.CharField()
    amount = serializers.DecimalField(**MONEY)
    paid_at = serializers.DateTimeField()


class BillDetailSerializer(BillSerializer):
    lines = BillLineSerializer(many=True)
    receipts = ReceiptSerializer(many=True)
