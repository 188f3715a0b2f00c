"""A folder for the pages' static files: the doors of a page are tried as they are."""

from __future__ import annotations

import pytest
from django.conf import settings


@pytest.fixture(autouse=True, scope="session")
def _static_folder() -> None:
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
