"""What the schema promises."""

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.utils.functional import Promise

from tests.architecture.tree import APPS

OWN = [model for app in APPS for model in apps.get_app_config(app).get_models()]


def test_nothing_that_matters_disappears_with_something_else() -> None:
    """What a case, a bill or a person hangs on is never deleted under it."""
    foreign = [field for model in OWN for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]

    loose = {str(field) for field in foreign if field.remote_field.on_delete is not models.PROTECT}

    assert len(foreign) > 20
    assert loose == set()


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_a_model_has_a_name_that_people_can_read(model: type[models.Model]) -> None:
    assert isinstance(model._meta.original_attrs.get("verbose_name"), Promise)
    assert isinstance(model._meta.original_attrs.get("verbose_name_plural"), Promise)


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_a_model_has_an_order(model: type[models.Model]) -> None:
    """Without one, pages of a list repeat some rows and leave out others."""
    assert model._meta.ordering


def test_a_broken_constraint_says_in_words_what_is_wrong() -> None:
    checks = [
        (model._meta.label, constraint)
        for model in OWN
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]

    assert len(checks) >= 15
    assert [
        (label, check.name) for label, check in checks if not isinstance(check.violation_error_message, Promise)
    ] == []


def test_a_thing_with_a_state_ties_it_to_its_data() -> None:
    """A state alone proves nothing: paid since when, refused why."""
    with_state = {model for model in OWN if any(field.name == "state" for field in model._meta.fields)}
    tied = {
        model.__name__
        for model in with_state
        if any(isinstance(constraint, models.CheckConstraint) for constraint in model._meta.constraints)
    }

    assert tied >= {"Application", "Bill", "Delivery", "Task"}


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    out = io.StringIO()

    call_command("makemigrations", *APPS, check=True, dry_run=True, stdout=out)

    assert out.getvalue().startswith("No changes detected")
