import pytest

from charted.plant import Plant
from gemba.quality.control.monitoring.models import LimitSet, Signal
from gemba.quality.records.trail import verify

pytestmark = pytest.mark.django_db
STEADY = [10.0, 10.2, 9.9, 10.1, 9.8] * 5


def test_a_chart_collects_proposes_limits_and_judges_by_them(approver, proof):
    plant = Plant(needed_subgroups=25)
    plant.send(*STEADY)
    plant.work()
    assert LimitSet.objects.get().points == 25
    plant.put_limits_in_force(person=approver, proof=proof)
    plant.send(10.0, 10.1, 30.0, 31.0)
    assert plant.fired()[-4:] == ["", "", "i:1;mr:1", "i:1,5;mr:1"]
    signal = Signal.objects.get()
    assert (signal.points, signal.suspect_after, signal.suspect_to) == (2, plant.ids[-3], plant.ids[-1])
    assert verify().sound
