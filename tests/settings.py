"""The product's settings with one more record type, on a store of its own.

``GEMBA_DATABASE`` runs the same tests on PostgreSQL; ``GEMBA_TEST_DB`` names the test database.
"""

import os
import tempfile

os.environ.setdefault("GEMBA_DATA", tempfile.mkdtemp(prefix="gemba-test-"))

from gemba.server.settings import *  # noqa: F403
from gemba.server.settings import DATABASES as PRODUCT_DATABASES
from gemba.server.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "specimen"]
DATABASES = {"default": PRODUCT_DATABASES["default"] | {"CONN_MAX_AGE": 0}}
if PRODUCT_DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["TEST"] = {"NAME": "test_gemba_" + os.environ.get("GEMBA_TEST_DB", "main")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
