"""Addresses of /api/v1/. References and codes are slugs, so nothing stranger reaches a query."""

from django.urls import path, re_path

from services.api.views import applications, bills, catalogue, certificates, documents, inbox, nothing

urlpatterns = [
    path("services/", catalogue.Services.as_view(), name="services"),
    path("services/<slug:slug>/", catalogue.ServiceDetail.as_view(), name="service"),
    path("categories/", catalogue.Categories.as_view(), name="categories"),
    path("applications/", applications.Applications.as_view(), name="applications"),
    path("applications/<slug:reference>/", applications.ApplicationDetail.as_view(), name="application"),
    path(
        "applications/<slug:reference>/sections/<slug:section>/",
        applications.ApplicationSection.as_view(),
        name="section",
    ),
    path("applications/<slug:reference>/documents/", documents.Documents.as_view(), name="documents"),
    path("applications/<slug:reference>/documents/<slug:kind>/", documents.DocumentDetail.as_view(), name="document"),
    path("applications/<slug:reference>/submit/", applications.Submission.as_view(), name="submit"),
    path("applications/<slug:reference>/withdraw/", applications.Withdrawal.as_view(), name="withdraw"),
    path("applications/<slug:reference>/timeline/", applications.Timeline.as_view(), name="timeline"),
    path("applications/<slug:reference>/certificate/", applications.CertificateFile.as_view(), name="certificate"),
    path("bills/", bills.Bills.as_view(), name="bills"),
    path("bills/<slug:number>/", bills.BillDetail.as_view(), name="bill"),
    path("certificates/<slug:number>/", certificates.Verification.as_view(), name="verification"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    # Not `.*`: an address that holds a line break ends here too.
    re_path(r"^[\s\S]*$", nothing.NothingHere.as_view(), name="nothing"),
]
