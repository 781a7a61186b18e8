"""What a service hands over, as content: one dictionary from which the PDF and its HTML twin are made.

Pure: no database, no request, no clock. `portal.pdf.issue_document` turns the content into the signed file.
"""

from services.outputs.content import build_output, template_for
from services.outputs.twin import twin_of
from services.outputs.validity import expiry_date

__all__ = ["build_output", "expiry_date", "template_for", "twin_of"]
