"""Making the signed PDF of a certificate. Slow work on a row, outside any transaction, safe to repeat."""

from django.urls import reverse
from django.utils import translation

from portal.files import store_generated
from portal.pdf import render, sign
from services.actions.certificates import complete_issue
from services.models import Certificate
from services.outputs import qr_text_for


def produce(certificate_pk: int) -> bool:
    """True when the PDF was made now, False when it was there already."""
    certificate = Certificate.objects.select_related("application__applicant").get(pk=certificate_pk)
    if certificate.file_id is not None:
        return False
    qr_text = qr_text_for(certificate)
    pdf = sign(_rendered(certificate, qr_text), reason=certificate.number, name=certificate.content["sw"]["institution"])
    file = store_generated(
        pdf, owner=certificate.application.applicant, purpose="certificate", name=f"{certificate.number}.pdf"
    )
    complete_issue(number=certificate.number, file=file, qr_text=qr_text)
    return True


def _rendered(certificate: Certificate, qr_text: str) -> bytes:
    content = certificate.content["sw"] | {"english": certificate.content["en"], "qr_text": qr_text}
    with translation.override("sw"):
        content["verify_at"] = reverse("verify:certificate", args=[certificate.number])
    return render(content["template"], content, language="sw")
