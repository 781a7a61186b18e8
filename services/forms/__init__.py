"""A section of a definition as a web page: what the template draws, and what comes back from it.

Nothing here checks an answer: that is `definitions.answers`, which the API asks as well.
"""

from services.forms.pages import SectionPage
from services.forms.posting import ParsedPost, parse_post
from services.forms.views import FieldView

__all__ = ["FieldView", "ParsedPost", "SectionPage", "parse_post"]
