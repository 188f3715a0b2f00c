"""A plant that asks to come back is asked again, as long as it says and not for ever."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from typing import Any

import pytest

from gemba.cli.posting import PATIENCE, post_readings
from gemba.stats.results import StatsError


class Plant:
    """Answers requests one after the other with what it was given; the last answer again and again."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        self.answers = list(answers)
        self.bodies: list[Any] = []
        self.waits: list[float] = []

    def __call__(self, request: urllib.request.Request, **_: Any) -> Any:
        self.bodies.append(request.data)
        status, retry = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status == 200:
            return io.BytesIO(b'{"receipts": []}')
        headers = Message()
        if retry:
            headers["Retry-After"] = retry
        detail = io.BytesIO(b'{"detail": "Too much waits already."}')
        raise urllib.error.HTTPError(request.full_url, status, "Wait", headers, detail)

    def send(self) -> Any:
        return post_readings("http://plant:8000/", "t", [{"source": "g"}], wait=self.waits.append)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Plant]:
    def serving(*answers: tuple[int, str]) -> Plant:
        plant = Plant(*answers)
        monkeypatch.setattr(urllib.request, "urlopen", plant)
        return plant

    return serving


def test_the_same_is_sent_again_after_as_long_as_the_plant_says(serve: Callable[..., Plant]) -> None:
    plant = serve((429, "7"), (503, ""), (503, "3600"), (200, ""))
    assert plant.send() == {"receipts": []}
    assert plant.waits == [7, 1, 30]
    assert plant.bodies == [b'[{"source": "g"}]'] * 4


def test_a_plant_that_never_has_room_is_left_with_what_to_do(serve: Callable[..., Plant]) -> None:
    plant = serve((503, "30"))
    with pytest.raises(
        StatsError, match=r"answered 503: Too much waits already\. .* nothing of it is stored"
    ):
        plant.send()
    assert sum(plant.waits) == PATIENCE


def test_what_the_plant_refuses_is_not_sent_again(serve: Callable[..., Plant]) -> None:
    plant = serve((403, "7"))
    with pytest.raises(StatsError, match=r"answered 403: Too much waits already\.$"):
        plant.send()
    assert not plant.waits
