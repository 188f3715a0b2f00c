"""The tutorial does what it says: its marks are taken step by step, as the people whom it names."""

from __future__ import annotations

import pytest

from gemba.quality.records.models import Header, Task
from gemba.quality.records.trail import verify
from gemba.server.clock import now
from story.lesson import Story
from story.marks import PAGE, SEQUEL, marks
from walls.tree import text

pytestmark = pytest.mark.django_db


def test_the_tutorial_does_what_it_says() -> None:
    page = text(PAGE)
    story = Story(page)
    taken = 0
    for kind, first, second, rest in marks(page):
        getattr(story, kind)(first, second, rest)
        taken += 1
    assert taken >= 20
    ended = Header.objects.get(type="nonconformance")
    assert (ended.state, ended.number) == ("closed", f"NCR-HAL-{now():%y}-0001")
    assert Header.objects.filter(type="signal").values_list("state", flat=True).get() == "closed"
    assert not Task.objects.filter(state="open").exclude(header__type="capa").exists()
    story.page = text(SEQUEL)
    for kind, first, second, rest in marks(story.page):
        getattr(story, kind)(first, second, rest)
    proved = Header.objects.get(type="capa")
    assert (proved.state, proved.number) == ("closed", f"CAP-HAL-{now():%y}-0001")
    assert not Task.objects.filter(state="open", header=proved).exists()
    assert verify().sound
