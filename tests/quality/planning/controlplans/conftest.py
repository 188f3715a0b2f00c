from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gemba.quality.control.nonconformance.factory import Staff, make_staff
from gemba.quality.records.models import Site

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Site:
    return Site.objects.create(code="HAL", name="Halle", zone="Europe/Berlin")


@pytest.fixture
def staff(site: Site) -> Staff:
    return make_staff(site, now=NOW)
