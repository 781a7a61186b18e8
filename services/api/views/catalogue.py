"""The catalogue, for everybody."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from services.api.base import Pages, PublicApiView, response_for
from services.api.documentation import problems
from services.api.serializers.catalogue import (
    CatalogueQuery,
    CountedCategorySerializer,
    ServiceDetailSerializer,
    ServiceSerializer,
)
from services.queries import categories_with_services, open_services, service_for_public, services_matching

FILTERS = {"audience": "audience", "category": "category__code", "institution": "institution__code"}


class Services(PublicApiView):
    pagination_class = Pages

    @extend_schema(
        operation_id="list_services", summary=_("Services on offer"), tags=[_("Catalogue")],
        parameters=[CatalogueQuery], responses={200: ServiceSerializer(many=True)} | problems(404, 422, 429),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        asked = self.query(CatalogueQuery)
        chosen = {FILTERS[name]: value for name, value in asked.items() if name in FILTERS}
        return self.page(services_matching(open_services().filter(**chosen), asked.get("q", "")), ServiceSerializer)


class ServiceDetail(PublicApiView):
    @extend_schema(
        operation_id="get_service", summary=_("One service with its whole definition"), tags=[_("Catalogue")],
        responses={200: ServiceDetailSerializer} | problems(404, 429),
    )  # fmt: skip
    def get(self, request: Request, slug: str) -> Response:
        return response_for(ServiceDetailSerializer, service_for_public(slug))


class Categories(PublicApiView):
    @extend_schema(
        operation_id="list_categories", summary=_("Life and business events"), tags=[_("Catalogue")],
        responses={200: CountedCategorySerializer(many=True)} | problems(429),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        found: Any = categories_with_services()
        return Response(CountedCategorySerializer(found, many=True).data)
