"""Shapes used by several answers."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

NAMED_STRANGERS = 20


class Strict(serializers.Serializer):
    """Refuses what it does not know: a misspelt name must not pass for an answer."""

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        strangers = [name for name in data if name not in self.fields]
        if strangers:
            refusal = ErrorDetail(_("This is not asked for here."), "unknown_field")
            raise ValidationError({name[:60]: [refusal] for name in strangers[:NAMED_STRANGERS]})
        return values


class TextSerializer(serializers.Serializer):
    """The same words in both languages."""

    sw = serializers.CharField()
    en = serializers.CharField()


class InstitutionSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class ChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()


class ProblemEntrySerializer(serializers.Serializer):
    pointer = serializers.CharField(help_text="JSON pointer; empty for the whole.", allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField(help_text="What to do, in the language asked for.")
    choices = ChoiceSerializer(many=True, help_text="What an unclear answer may have meant.")


class ProblemSerializer(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable, for programmes.")
    detail = serializers.CharField(help_text="For people, in the language asked for.")
    instance = serializers.CharField()
    request_id = serializers.CharField(help_text="Give this to the service desk.")
    errors = ProblemEntrySerializer(many=True)
