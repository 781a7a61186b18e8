from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.sessions import SessionStore

pytestmark = pytest.mark.django_db


def test_what_was_saved_is_read_by_one_statement(django_assert_num_queries):
    kept = SessionStore()
    kept["language"] = "sw"
    kept.save()
    with django_assert_num_queries(1):
        assert SessionStore(kept.session_key)["language"] == "sw"


@pytest.mark.parametrize("key", ["no-such-session-anywhere-at-all", "short", None])
def test_a_key_that_nobody_has_opens_an_empty_session(key):
    session = SessionStore(key)
    assert (session.get("language"), session.session_key) == (None, None)


def test_a_session_that_ran_out_is_empty_and_loses_its_key():
    kept = SessionStore()
    kept["language"] = "sw"
    kept.save()
    Session.objects.filter(pk=kept.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    late = SessionStore(kept.session_key)
    assert (late.get("language"), late.session_key) == (None, None)


def test_altered_session_data_is_read_as_empty():
    kept = SessionStore()
    kept["language"] = "sw"
    kept.save()
    Session.objects.filter(pk=kept.session_key).update(session_data="e30:altered:signature")
    assert SessionStore(kept.session_key).get("language") is None
