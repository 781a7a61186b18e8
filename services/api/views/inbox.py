"""What the portal has told the person."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from portal.notifications import inbox_of
from services.api.base import ApiView, Pages
from services.api.documentation import problems
from services.api.serializers.bills import PagesQuery
from services.api.serializers.inbox import MessageSerializer


class Inbox(ApiView):
    pagination_class = Pages

    @extend_schema(
        operation_id="list_messages", summary=_("My messages, newest first"), tags=[_("Inbox")],
        parameters=[PagesQuery],
        responses={200: MessageSerializer(many=True)} | problems(401, 404, 422, 429),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        self.query(PagesQuery)
        return self.page(inbox_of(self.person), MessageSerializer)
