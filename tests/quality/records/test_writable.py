"""A store that cannot be written says so until it can; trying again is all that it takes."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from gemba.quality.records import store

pytestmark = pytest.mark.django_db(transaction=True)
FULL = "database or disk is full"


def fail() -> None:
    with store.transaction():
        raise OperationalError(FULL)


def test_what_was_met_is_told_until_something_is_written() -> None:
    assert store.trouble() == ""
    with pytest.raises(OperationalError):
        fail()
    assert store.trouble() == FULL
    with store.transaction():
        pass
    assert store.trouble() == ""


def fail_after_a_part() -> None:
    with store.transaction():
        with store.transaction():
            pass
        assert store.trouble() == FULL
        raise OperationalError(FULL)


def test_a_part_that_went_well_is_no_commit() -> None:
    for call in (fail, fail_after_a_part):
        with pytest.raises(OperationalError):
            call()
    assert store.trouble() == FULL


def test_asking_tries_again() -> None:
    with pytest.raises(OperationalError):
        fail()
    assert store.find_trouble() == ""
    assert store.trouble() == ""


def test_another_error_is_none_of_the_store() -> None:
    with pytest.raises(ValueError, match="mine"), store.transaction():
        raise ValueError("mine")
    assert store.trouble() == ""
