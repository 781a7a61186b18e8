"""Who may do what with applications and tasks. Each rule is one function whose docstring is the rule."""

from accounts.models import Organisation, Person
from accounts.policies import can_act_for, holds_role
from services.models import Application, Service, Task
from services.workflow.outcomes import is_approval_stage
from services.workflow.routing import stage_of
from services.workflow.states import State


def can_apply(person: Person, service: Service, acting_for: Organisation | None) -> bool:
    """Citizens apply for themselves; businesses and institutions through somebody with a mandate;
    services for public servants need a person with an employer."""
    if acting_for is not None and not can_act_for(person, acting_for):
        return False
    match service.audience:
        case Service.Audience.G2B:
            return acting_for is not None and acting_for.kind == Organisation.Kind.COMPANY
        case Service.Audience.G2G:
            return acting_for is not None and acting_for.kind == Organisation.Kind.INSTITUTION
        case Service.Audience.G2E:
            return acting_for is None and person.employer_id is not None
        case _:
            return acting_for is None


def can_edit(application: Application) -> bool:
    """The applicant writes while it is a draft or has been returned."""
    return application.status in (State.DRAFT, State.RETURNED)


def is_own_case(officer: Person, application: Application) -> bool:
    """An officer's own file is one that they filed, or that was filed for an organisation they act for."""
    if application.applicant_id == officer.pk:
        return True
    return application.acting_for is not None and can_act_for(officer, application.acting_for)


def can_work_on(officer: Person, task: Task) -> bool:
    """Officers work on tasks of a role that they hold in that institution, never on a file of their own."""
    return holds_role(officer, task.role, task.institution) and not is_own_case(officer, task.application)


def breaks_four_eyes(officer: Person, task: Task) -> bool:
    """Whoever handled an earlier stage of a file never approves it; only approval stages ask."""
    definition = task.application.definition
    if not is_approval_stage(stage_of(definition, task.stage).actions):
        return False
    handled = task.application.tasks.filter(decided_by=officer, state=Task.State.DONE).values_list("stage", flat=True)
    return any(not is_approval_stage(stage_of(definition, key).actions) for key in handled)
