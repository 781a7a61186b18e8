from django.urls import path

from payments import views

app_name = "payments"
urlpatterns = [
    path("", views.bills, name="bills"),
    path("<str:number>/", views.bill, name="bill"),
]
