"""Conditions as data: they can be offered as menus, explained in words and checked by a machine."""

from typing import Annotated, Any, Self

from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from services.definitions.texts import Model

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Scalar = bool | int | str

OPERATORS = ("eq", "ne", "in_", "lt", "lte", "gt", "gte")


class Compare(Model):
    """One field against one value; a comparison with an empty answer is false, `ne` included."""

    field: Name
    eq: Scalar | None = None
    ne: Scalar | None = None
    in_: tuple[Scalar, ...] | None = Key(default=None, alias="in", min_length=1)
    lt: Scalar | None = None
    lte: Scalar | None = None
    gt: Scalar | None = None
    gte: Scalar | None = None

    @model_validator(mode="after")
    def _exactly_one_operator(self) -> Self:
        if sum(getattr(self, name) is not None for name in OPERATORS) != 1:
            raise ValueError("a comparison has exactly one of eq, ne, in, lt, lte, gt, gte")
        return self

    @property
    def operator(self) -> str:
        return next(name for name in OPERATORS if getattr(self, name) is not None)

    @property
    def value(self) -> Any:
        return getattr(self, self.operator)


class AllOf(Model):
    all: tuple["Condition", ...] = Key(min_length=1)


class AnyOf(Model):
    any: tuple["Condition", ...] = Key(min_length=1)


class Negation(Model):
    not_: "Condition" = Key(alias="not")


Condition = Compare | AllOf | AnyOf | Negation
