"""Making the signed PDF of a certificate. Slow work on a row, outside any transaction, safe to repeat."""

from portal.pdf import issue_document
from services.actions.certificates import complete_issue
from services.models import Certificate


def produce(certificate_pk: int) -> bool:
    """True when the PDF was made now, False when it was there already."""
    certificate = Certificate.objects.get(pk=certificate_pk)
    if certificate.file_id is not None:
        return False
    document = issue_document(certificate.content, reason=certificate.number)
    complete_issue(number=certificate.number, pdf=document.pdf, qr_text=document.qr_text)
    return True
