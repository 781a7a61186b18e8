from rest_framework import serializers

from services.api.serializers.common import InstitutionSerializer, TextSerializer


class VerificationSerializer(serializers.Serializer):
    """Only what lets somebody compare the paper in hand: never the answers, the name only in part."""

    number = serializers.CharField()
    verdict = serializers.ChoiceField(choices=["valid", "expired", "revoked", "replaced", "being_issued"])
    document = TextSerializer()
    holder = serializers.CharField(help_text="In part, so that it can be compared and not collected.")
    institution = InstitutionSerializer()
    issued_on = serializers.DateField()
    expires_on = serializers.DateField(allow_null=True)
    checked_at = serializers.DateTimeField()
