from django.urls import include, path

from services.verify import views

verify_patterns = (
    [
        path("", views.search, name="search"),
        path("<str:number>/", views.certificate, name="certificate"),
    ],
    "verify",
)

urlpatterns = [path("", include(verify_patterns))]
