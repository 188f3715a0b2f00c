"""Django's settings, made from two environment variables.

``GEMBA_DATA`` is the data folder (default ``gemba-data`` in the working folder), ``GEMBA_DATABASE`` the
address of a PostgreSQL database; without it the plant lives in an SQLite file in the data folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from gemba.quality.records.store.folder import DataFolder
from gemba.server.settings.database import database_settings

DATA = DataFolder(Path(os.environ.get("GEMBA_DATA", "gemba-data")).absolute())

DATABASES = {"default": database_settings(os.environ.get("GEMBA_DATABASE", ""), DATA)}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "gemba.quality.records",
    "gemba.quality.people",
    "gemba.quality.planning.products",
    "gemba.quality",
]
AUTH_USER_MODEL = "people.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
