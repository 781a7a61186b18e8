"""The desk: whose queue a file is in, who holds it, who may decide it, and that reading leaves a trace."""

import pytest
from django.test import Client

from accounts.models import Person, RoleGrant
from payments.models import Bill
from portal.errors import Conflict
from portal.models import AuditEntry, OutboxMessage
from services.actions import claim_task, release_task
from services.models import Application, Event, Task
from services.workflow.outcomes import EFFECTS, NEEDS_REASON
from tests.factories import (
    BIRTH,
    BUSINESS_NAME,
    LEAVE,
    InstitutionFactory,
    MembershipFactory,
    PersonFactory,
    RoleGrantFactory,
)
from tests.services.cases import (
    BUILDING,
    SHARING,
    TRANSFER,
    approved,
    bill_of,
    browser,
    council,
    decide,
    forward,
    forward_to,
    held,
    in_review,
    officer_for,
    pay,
    task_of,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def desk(application: Application, rest: str = "") -> str:
    return f"/en/desk/cases/{application.reference}/{rest}"


def decision(application: Application, outcome: str, note: str = "") -> dict[str, object]:
    return {"action": "decide", "version": task_of(application).pk, "decision": outcome, "note": note}


def facts() -> tuple[object, ...]:
    return (
        list(Application.objects.order_by("pk").values()),
        list(Task.objects.order_by("pk").values()),
        Event.objects.count(),
        OutboxMessage.objects.count(),
        AuditEntry.objects.exclude(verb="services.application.read").exclude(verb__startswith="accounts.").count(),
    )


def listed(officer: Person, application: Application, queue: str = "all") -> bool:
    return application.reference in browser(officer).get(f"/en/desk/queues/{queue}/").text


# --- Queues ------------------------------------------------------------------------------------------------
def test_a_file_stands_in_the_queue_of_its_role_and_institution_only() -> None:
    application = in_review(BIRTH)
    task = task_of(application)

    assert listed(RoleGrantFactory(role=task.role, institution=task.institution).person, application)
    for role, institution in (
        (task.role, InstitutionFactory(code="NIDA")),
        ("muidhinishaji", task.institution),
        ("mkaguzi_wa_ndani", task.institution),
    ):
        other = RoleGrantFactory(role=role, institution=institution).person
        assert not listed(other, application)
        assert browser(other).get(desk(application)).status_code == 404
        assert browser(other).post(desk(application), {"action": "claim"}).status_code == 404
    task.refresh_from_db()
    assert task.assignee is None


@pytest.mark.parametrize("path", ["", "queues/all/", "queues/mine/", "cases/RITA-26-0000000-0/"])
def test_the_desk_does_not_exist_for_people_without_a_role(path: str) -> None:
    assert browser(PersonFactory()).get(f"/en/desk/{path}").status_code == 404
    assert Client().get(f"/en/desk/{path}").status_code == 302


def test_an_unknown_queue_is_not_found() -> None:
    assert browser(RoleGrantFactory().person).get("/en/desk/queues/hakuna/").status_code == 404


def test_a_case_moves_from_unclaimed_to_mine_and_back() -> None:
    application = in_review(BIRTH)
    officer = officer_for(application)
    client = browser(officer)

    def queues() -> list[bool]:
        return [listed(officer, application, queue) for queue in ("unclaimed", "mine")]

    assert queues() == [True, False]
    client.post(desk(application), {"action": "claim"})
    assert queues() == [False, True]
    client.post(desk(application), {"action": "release"})
    assert queues() == [True, False]
    assert list(
        AuditEntry.objects.filter(verb__startswith="services.task.").order_by("pk").values_list("verb", "actor")
    ) == [("services.task.claimed", officer.pk), ("services.task.released", officer.pk)]


def test_a_case_is_found_by_reference_and_by_name() -> None:
    mine, other = in_review(BIRTH), in_review(BIRTH)
    client = browser(officer_for(mine))

    for query in (mine.reference.lower(), mine.applicant.full_name):
        text = client.get("/en/desk/queues/all/", {"q": query}).text
        assert (mine.reference in text, other.reference in text) == (True, False)


def test_a_request_of_an_institution_goes_to_the_provider_of_the_data() -> None:
    provider = InstitutionFactory(code="NIDA")
    application = in_review(SHARING, provider={"code": "NIDA", "name": "NIDA"})
    assert task_of(application).institution.code == "EGA"

    forward(application)

    task = task_of(application)
    assert (task.stage, task.role, task.institution) == ("receiving", "taasisi_pokezi", provider)
    ours = RoleGrantFactory(role="taasisi_pokezi", institution=InstitutionFactory(code="EGA")).person
    assert not listed(ours, application)
    forward(application)
    assert task_of(application).institution.code == "EGA"


def test_an_application_to_a_council_stands_in_the_queue_of_that_council() -> None:
    chosen, other = council(), InstitutionFactory(code="mbeya-cc", parent=InstitutionFactory(code="LGA"))
    application = in_review(BUILDING)

    assert (application.institution, task_of(application).institution) == (chosen, chosen)
    for institution, sees in ((chosen, True), (chosen.parent, True), (other, False)):
        officer = RoleGrantFactory(role="afisa_mapokezi", institution=institution).person
        assert (listed(officer, application), browser(officer).get(desk(application)).status_code == 200) == (
            sees,
            sees,
        )


def test_a_request_of_a_public_servant_stands_with_the_employer_and_at_the_centre() -> None:
    InstitutionFactory(code="RITA")
    application = in_review(TRANSFER, PersonFactory(public_servant=True, employer=InstitutionFactory(code="NIDA")))
    employer, centre = application.applicant.employer, application.service.institution
    places = {}
    while (task := application.tasks.filter(state="open").first()) is not None:
        places[task.stage] = task.institution.code
        forward(application)

    assert application.institution == employer
    assert places == {
        "recommendation": employer.code,
        "hr": employer.code,
        "final": employer.code,
        "receiving": "RITA",
        "central": centre.code,
        "issue": employer.code,
    }


# --- Taking a file -----------------------------------------------------------------------------------------
def test_the_second_officer_is_told_who_holds_the_file() -> None:
    application = in_review(BIRTH)
    first, second = officer_for(application), officer_for(application)
    browser(first).post(desk(application), {"action": "claim"})
    before = facts()

    response = browser(second).post(desk(application), {"action": "claim"})

    assert response.status_code == 409
    assert f"{first.full_name} already holds this file." in response.text
    assert facts() == before


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_take_a_file_at_once_are_one_holder() -> None:
    application = in_review(BIRTH)
    officers = [officer_for(application) for _number in range(3)]

    statuses = at_once(
        *[lambda o=o: browser(o).post(desk(application), {"action": "claim"}).status_code for o in officers]
    )

    assert sorted(statuses) == [302, 409, 409]
    assert task_of(application).assignee == officers[statuses.index(302)]
    assert AuditEntry.objects.filter(verb="services.task.claimed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_decision_sent_twice_at_once_is_one_decision() -> None:
    application = in_review(BIRTH)
    officer = held(application)
    data = decision(application, "kubali")

    statuses = at_once(*[lambda: browser(officer).post(desk(application), data).status_code] * 3)

    assert sorted(statuses) == [302, 409, 409]
    assert (Task.objects.filter(state="done").count(), task_of(application).stage) == (1, "verification")


def test_whoever_does_not_hold_the_file_decides_nothing() -> None:
    application = in_review(BIRTH)
    held(application)
    other = officer_for(application)
    before = facts()

    response = browser(other).post(desk(application), decision(application, "kubali"))
    released = browser(other).post(desk(application), {"action": "release"})

    assert (response.status_code, released.status_code) == (409, 409)
    assert "it may be with somebody else now" in response.text
    assert facts() == before


def test_a_page_left_open_over_a_decision_decides_nothing() -> None:
    application = forward_to(in_review(BIRTH), "verification")
    officer = held(application)
    stale = decision(application, "rudisha", "Rekebisha.") | {"version": task_of(application).pk - 1}
    before = facts()

    response = browser(officer).post(desk(application), stale)

    assert response.status_code == 409
    assert "Somebody has already finished this stage." in response.text
    assert facts() == before


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "１"])
def test_a_strange_version_is_a_stale_page(version: str) -> None:
    application = in_review(BIRTH)
    officer = held(application)

    response = browser(officer).post(desk(application), decision(application, "kubali") | {"version": version})

    assert response.status_code == 409
    assert task_of(application).stage == "intake"


def test_a_file_taken_back_by_its_applicant_is_gone_from_the_desk() -> None:
    application = in_review(LEAVE)
    officer = held(application)
    data = decision(application, "pendekeza")
    browser(application.applicant).post(f"/en/applications/{application.reference}/withdraw/")

    assert browser(officer).post(desk(application), data).status_code in (404, 409)
    application.refresh_from_db()
    assert application.state == "withdrawn"


# --- Deciding ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("outcome", sorted(NEEDS_REASON & {"rudisha", "kataa"}))
def test_returning_and_rejecting_need_a_reason(outcome: str) -> None:
    application = in_review(BIRTH)
    officer = held(application)
    before = facts()

    response = browser(officer).post(desk(application), decision(application, outcome, "   "))

    assert response.status_code == 422
    assert "Write the reason" in response.text
    assert facts() == before


def test_a_decision_that_the_stage_does_not_have_is_refused() -> None:
    application = in_review(BIRTH)
    officer = held(application)
    before = facts()

    for outcome in ("idhinisha", "toa", "", "hakuna"):
        response = browser(officer).post(desk(application), decision(application, outcome, "Sababu."))
        assert response.status_code == 422
        assert "This stage does not have that decision." in response.text
    assert facts() == before


def test_a_note_with_a_null_character_is_kept_without_it() -> None:
    application = in_review(BIRTH)
    officer = held(application)

    response = browser(officer).post(desk(application), decision(application, "rudisha", "Picha\x00 haisomeki."))

    application.refresh_from_db()
    assert (response.status_code, application.public_reason) == (302, "Picha haisomeki.")


@pytest.mark.parametrize(
    ("outcome", "state", "note"),
    [("kubali", "in_review", ""), ("rudisha", "returned", "Picha haisomeki."), ("kataa", "rejected", "Si raia.")],
)
def test_what_each_decision_of_intake_does(outcome: str, state: str, note: str) -> None:
    application = in_review(BIRTH)
    officer = held(application)

    response = browser(officer).post(desk(application), decision(application, outcome, note), follow=True)

    application.refresh_from_db()
    done = application.tasks.get(stage="intake")
    assert "Decision recorded." in response.text
    assert (application.state, application.public_reason) == (state, note)
    assert (done.state, done.outcome, done.note, done.decided_by) == ("done", outcome, note, officer)
    assert (application.decided_at is not None) == (state == "rejected")
    entry = AuditEntry.objects.get(verb="services.task.decided")
    assert (entry.actor, entry.data) == (officer, {"stage": "intake", "outcome": outcome})
    reader = browser(application.applicant).get(f"/en/applications/{application.reference}/").text
    assert note in reader


def test_an_appointment_leaves_the_file_where_it_is() -> None:
    application = forward_to(in_review("nida-kitambulisho-mbadala"), "biometrics")
    officer = held(application)

    browser(officer).post(desk(application), decision(application, "panga_miadi", "Jumatatu saa 3 asubuhi."))

    assert task_of(application).assignee == officer
    assert (
        "Jumatatu saa 3 asubuhi."
        in browser(application.applicant).get(f"/en/applications/{application.reference}/").text
    )


def test_the_fee_of_a_council_is_asked_for_after_the_assessment() -> None:
    council()
    application = in_review(BUILDING)
    assert not Bill.objects.exists()

    forward_to(application, "assessment")
    decide(application, "kadiria_ada")

    assert (application.state, bill_of(application).institution) == ("awaiting_payment", application.institution)
    assert not application.tasks.filter(state="open").exists()
    pay(application)
    assert (application.state, task_of(application).stage) == ("in_review", "committee")


# --- Four eyes, and one's own file -------------------------------------------------------------------------
def test_whoever_took_a_file_in_does_not_approve_it() -> None:
    application = in_review(BUSINESS_NAME)
    task = task_of(application)
    officer = RoleGrantFactory(role=task.role, institution=task.institution).person
    RoleGrantFactory(person=officer, role="muidhinishaji", institution=task.institution)
    forward(application, officer)
    assert task_of(application).role == "muidhinishaji"
    before = facts()

    page = browser(officer).get(desk(application))
    claimed = browser(officer).post(desk(application), {"action": "claim"})

    assert "You have already handled this file. Somebody else must approve it." in page.text
    assert claimed.status_code == 403
    assert "Somebody else must approve it." in claimed.text
    assert facts() == before


def test_even_a_holder_does_not_approve_what_they_took_in() -> None:
    application = in_review(BUSINESS_NAME)
    officer = forward(application)
    RoleGrantFactory(person=officer, role="muidhinishaji", institution=application.institution)
    Task.objects.filter(state="open").update(assignee=officer)
    before = facts()

    response = browser(officer).post(desk(application), decision(application, "idhinisha"))

    assert response.status_code == 403
    assert facts() == before


@pytest.mark.parametrize("whose", ["own", "own company"])
def test_ones_own_file_is_never_seen(whose: str) -> None:
    application = in_review(BUSINESS_NAME)
    officer = application.applicant
    if whose == "own company":
        officer = MembershipFactory(organisation=application.acting_for, role="clerk").person
    task = task_of(application)
    RoleGrantFactory(person=officer, role=task.role, institution=task.institution)
    before = facts()

    assert not listed(officer, application)
    assert browser(officer).get(desk(application)).status_code == 404
    assert browser(officer).post(desk(application), {"action": "claim"}).status_code == 404
    assert facts() == before


# --- Reading leaves a trace --------------------------------------------------------------------------------
def reads(verb: str = "services.application.read") -> int:
    return AuditEntry.objects.filter(verb=verb).count()


def test_each_reading_of_a_case_is_recorded() -> None:
    application = in_review(BIRTH)
    officer = officer_for(application)

    browser(officer).get(desk(application))

    entry = AuditEntry.objects.get(verb="services.application.read")
    assert (entry.actor, entry.subject_key) == (officer, application.reference)


def test_a_case_that_is_shown_with_a_refusal_is_recorded_too() -> None:
    application = in_review(BIRTH)

    response = browser(officer_for(application)).post(desk(application), {"action": "hakuna"})

    assert (response.status_code, reads()) == (422, 1)
    assert application.applicant.full_name in response.text


def test_each_reading_of_a_document_is_recorded() -> None:
    application = in_review(BIRTH)
    document = application.documents.first()
    officer = officer_for(application)

    with pytest.raises(FileNotFoundError):  # a row without bytes; the trace comes first
        browser(officer).get(desk(application, f"documents/{document.pk}/"))

    entry = AuditEntry.objects.get(verb="services.document.read")
    assert (entry.actor, entry.data) == (officer, {"kind": document.kind})


def test_a_document_of_another_case_is_not_found() -> None:
    application, other = in_review(BIRTH), in_review(BIRTH)

    response = browser(officer_for(application)).get(desk(application, f"documents/{other.documents.first().pk}/"))

    assert (response.status_code, reads("services.document.read")) == (404, 0)


def test_an_officer_who_worked_on_a_file_may_look_back_while_in_office() -> None:
    application = in_review(BIRTH)
    officer = forward(application)
    client = browser(officer)
    assert client.get(desk(application)).status_code == 200

    RoleGrant.objects.filter(person=officer).update(revoked_at=application.created_at)

    assert client.get(desk(application)).status_code == 404


# --- All forty services ------------------------------------------------------------------------------------
def test_every_decision_has_an_effect_and_every_reason_a_decision() -> None:
    assert set(EFFECTS) >= NEEDS_REASON


@pytest.mark.parametrize(
    "slug", [BUILDING, "ardhi-upekuzi-wa-hati", "mtaa-barua-ya-utambulisho", "ega-usajili-wa-mradi-wa-tehama"]
)
def test_files_of_every_shape_of_workflow_arrive(slug: str) -> None:
    council()

    application = approved(slug)

    assert application.decided_at is not None
    assert application.certificate.file is None


def test_a_file_is_released_by_its_holder_and_taken_once() -> None:
    application = in_review(BIRTH)
    officer = officer_for(application)

    with pytest.raises(Conflict):
        release_task(reference=application.reference, actor=officer)
    claim_task(reference=application.reference, actor=officer)
    claim_task(reference=application.reference, actor=officer)
    assert AuditEntry.objects.filter(verb="services.task.claimed").count() == 1
