from django.urls import include, path

from services.officer import cases, queues

desk_patterns = (
    [
        path("", queues.home, name="home"),
        path("queues/<slug:key>/", queues.queue_page, name="queue"),
        path("cases/<str:reference>/", cases.case, name="case"),
        path("cases/<str:reference>/documents/<int:pk>/", cases.document, name="document"),
        path("cases/<str:reference>/certificate/", cases.certificate_pdf, name="certificate"),
    ],
    "desk",
)

urlpatterns = [path("", include(desk_patterns))]
