"""All addresses. Swahili at the root, English under /en/; machines (API, GePG, health, robots) without language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal.views import gallery, health, inbox, pages, site_files

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", site_files.robots, name="robots"),
    path(".well-known/security.txt", site_files.security, name="security_txt"),
    path("gepg/", include("payments.gateway_urls")),
    path("api/v1/", include(("services.api.urls", "api"), namespace="v1")),
    path("api/", include("services.api.schema_urls")),
    path(".well-known/", include("services.verify.well_known_urls")),
    *i18n_patterns(
        path("", include("services.citizen.urls")),
        path("verify/", include("services.verify.urls")),
        path("desk/", include("services.officer.urls")),
        path("bills/", include("payments.urls")),
        path("inbox/", include(inbox.urlpatterns)),
        path("pages/<slug:slug>/", pages.page, name="page"),
        path("__components__/", gallery.gallery, name="components"),
        path("account/", include("accounts.urls")),
        path("account/", include("allauth.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
