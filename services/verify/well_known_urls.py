from django.urls import path

from services.verify import views

urlpatterns = [
    path("huduma-keys.json", views.public_keys, name="public_keys"),
    path("huduma-signing.pem", views.signing_certificate, name="signing_certificate"),
]
