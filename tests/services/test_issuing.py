"""What the row of a certificate says before its PDF is made: whose it is, and who signs."""

import json

import pytest

from services.definitions.loader import load_all
from services.queries import open_task
from services.workflow.outcomes import is_approval_stage
from services.workflow.routing import deciding_stage
from tests.factories import PersonFactory, definition_of
from tests.services.cases import SHARING, approved, forward, in_review

pytestmark = pytest.mark.django_db

PASSPORT = "uhamiaji-pasipoti"


def test_the_child_holds_the_birth_certificate_and_the_approver_signs_it() -> None:
    parent = PersonFactory(full_name="Mzazi Aliyeomba")
    application = approved("rita-cheti-cha-kuzaliwa", parent)
    answers, certificate = application.answers, application.certificate

    names = (answers[key] for key in ("child_first_name", "child_middle_name", "child_surname") if answers.get(key))
    assert certificate.holder == certificate.content["holder"] == " ".join(names)
    assert "Aliyeomba" not in json.dumps(certificate.content)
    assert certificate.content["office"] == {"sw": "Muidhinishaji", "en": "Approver"}
    assert certificate.content["institution"]["sw"] == application.institution.name_sw


@pytest.mark.parametrize(
    ("minor", "holder", "printed"), [("ndiyo", "Neema Juma", False), ("hapana", "Mzazi Aliyeomba", True)]
)
def test_the_child_for_whom_a_parent_applied_holds_the_passport(minor: str, holder: str, printed: bool) -> None:
    parent = PersonFactory(full_name="Mzazi Aliyeomba", nin="19800214151010000123")
    application = in_review(PASSPORT, parent, minor=minor, child_name="Neema Juma", nin=parent.nin)
    while open_task(application) is not None:
        forward(application)

    certificate = application.certificate
    assert certificate.holder == certificate.content["holder"] == holder
    assert ("******** 0123" in json.dumps(certificate.content)) is printed
    assert ("child_name" in application.answers) is not printed


def test_the_institution_acted_for_holds_the_agreement() -> None:
    application = approved(SHARING)

    assert application.certificate.holder == application.acting_for.name


def test_a_name_that_is_too_long_for_the_register_stands_whole_on_the_document() -> None:
    name = "Na" * 120
    application = in_review("rita-cheti-cha-kifo", deceased_name=name)
    while open_task(application) is not None:
        forward(application)

    assert application.certificate.content["holder"] == name
    assert application.certificate.holder == name[:200]


@pytest.mark.parametrize("found", load_all(), ids=lambda found: found.slug)
def test_where_a_stage_approves_it_is_the_one_that_signs(found) -> None:
    approving = [stage for stage in found.stages if is_approval_stage(stage.actions)]

    assert not approving or deciding_stage(found) == approving[-1]


@pytest.mark.parametrize(
    ("slug", "stage"),
    [
        ("halmashauri-kibali-cha-ujenzi", "committee"),
        ("utumishi-uhamisho", "central"),
        ("tra-tin-mtu-binafsi", "verification"),
        ("mtaa-barua-ya-utambulisho", "intake"),
    ],
)
def test_the_last_stage_before_issuing_signs(slug, stage) -> None:
    assert deciding_stage(definition_of(slug)).key == stage
