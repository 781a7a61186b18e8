from django.urls import path

from portal.urls import urlpatterns as portal_patterns
from tests.bench import views

urlpatterns = [
    path("bare/read/", views.read),
    path("bare/insert/", views.insert),
    *portal_patterns,
]
