"""Where the gateway calls back. Registered with the Treasury once, so without language and never renamed."""

from django.urls import path

from payments import gateway_views

urlpatterns = [
    path("bills/", gateway_views.bills, name="gepg_bills"),
    path("payments/", gateway_views.payments, name="gepg_payments"),
]
