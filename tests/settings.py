"""The product's settings with one more record type, on a store of its own.

``GEMBA_DATABASE`` runs the same tests on PostgreSQL; ``GEMBA_TEST_DB`` names the test database. Each of
several processes has a data folder of its own: the people of two test databases share their numbers, and so
would share the files that they parked.
"""

import os
import tempfile

if "GEMBA_DATA" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["GEMBA_DATA"] = tempfile.mkdtemp(prefix="gemba-test-")

from gemba.server.settings import *  # noqa: F403
from gemba.server.settings import DATABASES as PRODUCT_DATABASES
from gemba.server.settings import INSTALLED_APPS as PRODUCT_APPS

INSTALLED_APPS = [*PRODUCT_APPS, "specimen"]
DATABASES = {"default": PRODUCT_DATABASES["default"] | {"CONN_MAX_AGE": 0}}
if PRODUCT_DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["TEST"] = {"NAME": "test_gemba_" + os.environ.get("GEMBA_TEST_DB", "main")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
