"""Django's settings, made from a few environment variables.

``GEMBA_DATA`` is the data folder (default ``gemba-data`` in the working folder), ``GEMBA_DATABASE`` the
address of a PostgreSQL database; without it the plant lives in an SQLite file in the data folder.
``GEMBA_HOSTS`` names the hosts that the server answers to, ``GEMBA_HTTPS`` says that browsers reach it by
HTTPS, ``GEMBA_PROXY`` that a proxy of the plant stands before it. ``GEMBA_LANGUAGE`` is the language of a
plant (``en`` or ``de``): of whoever chose none and whose browser asks for none that the product speaks.
"""

from __future__ import annotations

import os
from pathlib import Path

from gemba.quality.records.store.folder import DataFolder
from gemba.server.secret import secret_key
from gemba.server.settings.database import database_settings
from gemba.server.settings.security import *  # noqa: F403 (settings are module names)

DATA = DataFolder(Path(os.environ.get("GEMBA_DATA", "gemba-data")).absolute())

DATABASES = {"default": database_settings(os.environ.get("GEMBA_DATABASE", ""), DATA)}
DATABASE_ROUTERS = ["gemba.quality.records.store.elsewhere.Router"]
SECRET_KEY = secret_key(DATA.keys)
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *os.environ.get("GEMBA_HOSTS", "").split()]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "gemba.quality.records",
    "gemba.quality.people",
    "gemba.quality.people.parties",
    "gemba.quality.people.competences",
    "gemba.quality.planning.requirements",
    "gemba.quality.improvement.capa",
    "gemba.quality.planning.processes",
    "gemba.quality.planning.products",
    "gemba.quality.planning.controlplans",
    "gemba.quality.control.gauges",
    "gemba.quality.control.collecting",
    "gemba.quality.control.monitoring",
    "gemba.quality.control.bringing",
    "gemba.quality.control.nonconformance",
    "gemba.server.api",
    "gemba.server.web",
    "gemba.quality",
]
MIDDLEWARE = [
    "gemba.server.web.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gemba.server.web.language.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gemba.server.web.gate.GateMiddleware",
]
ROOT_URLCONF = "gemba.server.urls"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parents[1] / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "gemba.server.web.context.plant",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "gemba.server.web.templatetags.gemba",
                "gemba.server.web.templatetags.quick",  # the last one of a name is taken
            ],
        },
    }
]
MORE_ACCESS = ""
"""A further table of who may ask for what, for addresses that only some plants have."""
if os.environ.get("GEMBA_DEMO") == "1":  # set by `gemba demo` for itself alone; the store must agree
    INSTALLED_APPS.append("gemba.demo.web")
    ROOT_URLCONF = "gemba.demo.web.urls"
    MORE_ACCESS = "gemba.demo.web.access.ACCESS"
    PASSWORD_HASHERS = ["gemba.demo.hashing.ShownSecretHasher"]
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("gemba.demo.web.context.demo")  # type: ignore[index]
AUTH_USER_MODEL = "people.Person"
STATIC_URL = "/static/"
STATIC_ROOT = DATA.path / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]  # the account chooses among those of people.services
LANGUAGE_CODE = os.environ.get("GEMBA_LANGUAGE", "en")
LOCALE_PATHS = [Path(__file__).parents[2] / "locale"]
FORMAT_MODULE_PATH = "gemba.server.settings.formats"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # a plain-HTTP port is never opened beside an HTTPS one
    "security.W021",  # a plant's own host is on no public list of browsers
]
