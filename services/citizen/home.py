"""The front page: what there is, how it goes, and the three plain tools. The same for everybody."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from services.models import Service
from services.queries import categories_with_services, open_services, public_figures

AUDIENCES = {
    Service.Audience.G2C: (_("Citizens"), _("Birth, identity, travel, land, education and more.")),
    Service.Audience.G2B: (_("Businesses"), _("Start, license and run a business.")),
    Service.Audience.G2E: (_("Public servants"), _("Leave, transfer, promotion and retirement.")),
    Service.Audience.G2G: (_("Institutions"), _("Share data, register projects and connect systems.")),
}
SERVICES_ON_A_CARD = 4


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "pages/home.html",
        {
            "nav": "home",
            "counters": public_figures(),
            "audiences": [audience_card(audience) for audience in Service.Audience],
            "life_events": [
                {
                    "title": category.name,
                    "href": f"{reverse('services:catalogue')}?category={category.code}",
                    "count": category.service_count,
                }
                for category in categories_with_services()
            ],
        },
    )


def audience_card(audience: Service.Audience) -> dict[str, Any]:
    """One audience with its most used services."""
    title, text = AUDIENCES[audience]
    services = open_services().filter(audience=audience).annotate(used=Count("applications")).order_by("-used", "slug")
    return {
        "title": title,
        "text": text,
        "href": f"{reverse('services:catalogue')}?audience={audience.value}",
        "count": services.count(),
        "services": [
            {"title": service.title, "href": reverse("services:service", args=[service.slug])}
            for service in services[:SERVICES_ON_A_CARD]
        ],
    }
