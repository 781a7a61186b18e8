"""Bills of the person, or of the organisation for which the person acts."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from payments.queries import bill_for_payer, bills_of_payer
from services.api.base import ApiView, Pages, response_for
from services.api.documentation import ACTING_FOR_HEADER, problems
from services.api.serializers.bills import BillDetailSerializer, BillSerializer, PagesQuery

TAGS = [_("Bills")]


class Bills(ApiView):
    pagination_class = Pages

    @extend_schema(
        operation_id="list_bills", summary=_("My bills"), tags=TAGS, parameters=[ACTING_FOR_HEADER, PagesQuery],
        responses={200: BillSerializer(many=True)} | problems(401, 403, 404, 422, 429),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        self.query(PagesQuery)
        return self.page(bills_of_payer(self.person, self.acting_for), BillSerializer)


class BillDetail(ApiView):
    @extend_schema(
        operation_id="get_bill", summary=_("One bill with its lines and receipts"), tags=TAGS,
        responses={200: BillDetailSerializer} | problems(401, 404, 429),
    )  # fmt: skip
    def get(self, request: Request, number: str) -> Response:
        return response_for(BillDetailSerializer, bill_for_payer(self.person, number))
