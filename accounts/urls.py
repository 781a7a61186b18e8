"""Mounted at /account/ beside django-allauth, which owns signing up, signing in and the keys to the account."""

from django.urls import path
from django.views.i18n import set_language

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.profile, name="profile"),
    path("details/", views.edit_profile, name="edit_profile"),
    path("language/", set_language, name="set_language"),
    path("acting/", views.choose_acting, name="choose_acting"),
    path("acting/self/", views.act_for_self, name="act_for_self"),
    path("acting/<int:pk>/", views.act_for, name="act_for"),
    path("organisations/new/", views.register_organisation, name="register_organisation"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path(
        "organisations/<int:pk>/mandates/<int:mandate_pk>/revoke/",
        views.revoke_mandate,
        name="revoke_mandate",
    ),
]
