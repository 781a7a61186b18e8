"""The description of the API: /api/schema/ for programmes, /api/docs/ for people."""

from django.urls import path

from services.api.views.docs import Schema, docs

urlpatterns = [
    path("schema/", Schema.as_view(), name="api_schema"),
    path("docs/", docs, name="api_docs"),
]
