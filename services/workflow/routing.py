"""Where a file goes next: which stage follows, and what the rest of the way is like. Pure."""

from services.definitions.schema import Definition, Stage
from services.workflow.outcomes import is_issue_stage


def stage_of(definition: Definition, key: str) -> Stage:
    """KeyError when the definition has no such stage."""
    return {stage.key: stage for stage in definition.stages}[key]


def stage_after(definition: Definition, key: str | None) -> Stage | None:
    """The stage that follows `key`, the first stage after None, None after the last one."""
    keys = [stage.key for stage in definition.stages]
    position = 0 if key is None else keys.index(key) + 1
    return definition.stages[position] if position < len(keys) else None


def is_decided_before(definition: Definition, stage: Stage | None) -> bool:
    """True when nothing but issuing is left from `stage` on: the decision has been taken."""
    if stage is None:
        return True
    position = definition.stages.index(stage)
    return position > 0 and all(is_issue_stage(rest.actions) for rest in definition.stages[position:])


def deciding_stage(definition: Definition) -> Stage:
    """The last stage before nothing but issuing is left: who finishes it has approved."""
    deciding = [stage for stage in definition.stages if not is_issue_stage(stage.actions)]
    return deciding[-1] if deciding else definition.stages[0]


def days_left_from(definition: Definition, stage: Stage | None) -> int:
    """Working days promised for `stage` and all that follow it."""
    if stage is None:
        return 0
    return sum(rest.working_days for rest in definition.stages[definition.stages.index(stage) :])
