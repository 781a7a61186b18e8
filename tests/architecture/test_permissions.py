"""Who gets which answer at which address. Fetching is authorising: what is not yours is not there."""

import pytest

from tests.architecture.cast import CAST, NOBODY
from tests.architecture.conftest import Page, named_addresses

PUBLIC = {
    "account_complete_password_reset",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_password_reset_completed",
    "account_request_login_code",
    "account_reset_password",
    "account_signup",
    "api_docs",
    "api_schema",
    "components",
    "healthz",
    "home",
    "page",
    "public_keys",
    "readyz",
    "robots",
    "security_txt",
    "services:catalogue",
    "services:service",
    "services:track",
    "signing_certificate",
    "v1:categories",
    "v1:service",
    "v1:services",
    "v1:verification",
    "verify:certificate",
    "verify:search",
}
"""Everything that answers without a session, but for the gateway, whose messages are signed."""
SIGNED = {"gepg_bills", "gepg_payments"}

ROWS = """
                                    nobody  applicant  stranger  clerk  elsewhere  officer  officer_too  auditor  admin
services:application                in      200        404       200    404        404      404          404      404
services:section                    in      200        404       200    404        404      404          404      404
services:documents                  in      200        404       200    404        404      404          404      404
services:document                   in      200        404       200    404        404      404          404      404
services:submitted                  in      200        404       200    404        404      404          404      404
services:certificate                in      200        404       200    404        404      404          404      404
services:certificate_pdf            in      200        404       200    404        404      404          404      404
payments:bill                       in      200        404       200    404        404      200          404      404
accounts:organisation               in      200        404       200    404        404      200          404      404
desk:home                           in      404        404       404    302        302      302          404      404
desk:queue                          in      404        404       404    200        200      200          404      404
desk:case                           in      404        404       404    404        200      404          404      404
desk:document                       in      404        404       404    404        200      404          404      404
desk:certificate                    in      404        404       404    404        200      404          404      404
v1:application                      401     200        404       200    404        404      404          404      404
v1:section                          401     200        404       200    404        404      404          404      404
v1:documents                        401     200        404       200    404        404      404          404      404
v1:timeline                         401     200        404       200    404        404      404          404      404
v1:certificate                      401     200        404       200    404        404      404          404      404
v1:bill                             401     200        404       200    404        404      200          404      404
verify:certificate                  200     200        200       200    200        200      200          200      200
admin:index                         in      in         in        in     in         in       in           200      200
admin:accounts_person_changelist    in      in         in        in     in         in       in           200      200
admin:payments_bill_changelist      in      in         in        in     in         in       in           200      403
admin:portal_auditentry_changelist  in      in         in        in     in         in       in           200      403
admin:services_application_change   in      in         in        in     in         in       in           200      403
"""
"""The people of the company act for it, and so does an officer, who therefore never sees its case on the desk."""


def answer(page: Page) -> str:
    return "in" if page.location.startswith(("/account/login/", "/admin/login/")) else str(page.status)


def matrix() -> dict[str, list[str]]:
    head, *rows = (line.split() for line in ROWS.strip().splitlines())
    assert tuple(head) == CAST
    return {name: answers for name, *answers in rows}


@pytest.mark.parametrize("name", matrix())
def test_everybody_gets_the_answer_in_the_table(name: str, pages: list[Page]) -> None:
    given = {page.who: answer(page) for page in pages if page.name == name}

    assert given == dict(zip(CAST, matrix()[name], strict=True))


def test_what_answers_without_a_session_is_written_down(pages: list[Page]) -> None:
    """Everything else asks to sign in (or answers 401 to a programme)."""
    strangers = {page.name for page in pages if page.who == NOBODY and answer(page) not in ("in", "401")}

    assert strangers == PUBLIC | SIGNED


def test_the_gateway_is_only_heard_and_never_shown_anything(pages: list[Page]) -> None:
    assert {answer(page) for page in pages if page.name in SIGNED} == {"405"}


def test_every_address_was_tried(pages: list[Page]) -> None:
    """A new address needs its row in `arguments()`, else nobody looks at it."""
    tried = {page.name for page in pages}

    left = {name for name, _parts in named_addresses()} - tried

    assert {name for name in left if not name.startswith("admin:")} == {"v1:nothing"}
