from django.urls import include, path

from services.citizen import applications, catalogue, home, tracking

services_patterns = (
    [
        path("services/", catalogue.catalogue, name="catalogue"),
        path("services/<slug:slug>/", catalogue.service, name="service"),
        path("services/<slug:slug>/apply/", applications.apply, name="apply"),
        path("applications/", applications.applications, name="applications"),
        path("applications/<str:reference>/", applications.application, name="application"),
        path("applications/<str:reference>/check/", applications.check, name="check"),
        path("applications/<str:reference>/documents/", applications.documents, name="documents"),
        path("applications/<str:reference>/documents/<int:pk>/", applications.document, name="document"),
        path("applications/<str:reference>/submit/", applications.submit, name="submit"),
        path("applications/<str:reference>/submitted/", applications.submitted, name="submitted"),
        path("applications/<str:reference>/withdraw/", applications.withdraw, name="withdraw"),
        path("applications/<str:reference>/certificate/", applications.certificate, name="certificate"),
        path(
            "applications/<str:reference>/certificate/pdf/",
            applications.certificate_pdf,
            name="certificate_pdf",
        ),
        path("applications/<str:reference>/<str:section>/", applications.section, name="section"),
        path("track/", tracking.track, name="track"),
    ],
    "services",
)

urlpatterns = [
    path("", home.home, name="home"),
    path("", include(services_patterns)),
]
