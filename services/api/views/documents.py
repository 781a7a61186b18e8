"""The documents of an application."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.files import open_download
from services.actions import add_document, remove_document
from services.api.base import FileNegotiation, data_of
from services.api.documentation import ACTING_FOR_HEADER, problems
from services.api.representations import documents_of
from services.api.serializers.applications import DocumentSerializer, UploadSerializer
from services.api.views.applications import OwnApplicationView

TAGS = [_("Documents")]


class Documents(OwnApplicationView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="list_documents", summary=_("Documents that the application needs or has"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER],
        responses={200: DocumentSerializer(many=True)} | problems(401, 403, 404, 429),
    )  # fmt: skip
    def get(self, request: Request, reference: str) -> Response:
        return Response(DocumentSerializer(documents_of(self.own(reference)), many=True).data)

    @extend_schema(
        operation_id="add_document", summary=_("Add a document; it takes the place of the one before"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER], request={"multipart/form-data": UploadSerializer},
        responses={201: DocumentSerializer} | problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )  # fmt: skip
    def post(self, request: Request, reference: str) -> Response:
        own = self.own(reference)
        sent = data_of(UploadSerializer, request)
        add_document(reference=own.reference, actor=self.person, kind=sent["kind"], upload=sent["file"])
        added = next(document for document in documents_of(own) if document["kind"] == sent["kind"])
        return Response(DocumentSerializer(added).data, status=status.HTTP_201_CREATED)


class DocumentDetail(OwnApplicationView):
    content_negotiation_class = FileNegotiation

    @extend_schema(
        operation_id="download_document", summary=_("The file that was given"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY} | problems(401, 403, 404, 422, 429),
    )  # fmt: skip
    def get(self, request: Request, reference: str, kind: str) -> HttpResponse:
        given = self.own(reference).documents.select_related("file")
        return open_download(get_object_or_404(given, kind=kind, superseded_at=None).file)

    @extend_schema(
        operation_id="remove_document", summary=_("Take a document away"), tags=TAGS,
        parameters=[ACTING_FOR_HEADER], request=None,
        responses={204: None} | problems(401, 403, 404, 409, 429),
    )  # fmt: skip
    def delete(self, request: Request, reference: str, kind: str) -> Response:
        own = self.own(reference)
        get_object_or_404(own.documents, kind=kind, superseded_at=None)
        remove_document(reference=own.reference, actor=self.person, kind=kind)
        return Response(status=status.HTTP_204_NO_CONTENT)
