"""Which known answers ran is counted, and said at the end of every run."""

from __future__ import annotations

from collections import Counter

import pytest

from counting import CASES


@pytest.fixture
def count_case() -> Counter[str]:
    return CASES
