"""The description of the API, for programmes and for people."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
