from rest_framework import serializers


class MessageSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    code = serializers.CharField()
    language = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.CharField()
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
