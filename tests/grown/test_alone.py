"""What only one program on a database does at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from gemba.quality.records import store

pytestmark = pytest.mark.django_db


def elsewhere(name: str) -> bool:
    """Whether another connection may do it."""

    def ask() -> bool:
        try:
            with store.alone(name, wait=False) as ours:
                return ours
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(ask).result()


def test_nobody_else_does_it_until_it_is_done() -> None:
    with store.alone("sweep", wait=False) as ours:
        assert ours
        assert not elsewhere("sweep")
        assert elsewhere("escalate")
    assert elsewhere("sweep")


def test_whoever_fails_lets_go() -> None:
    with pytest.raises(ZeroDivisionError), store.alone("sweep"):
        _ = 1 / 0
    assert elsewhere("sweep")
