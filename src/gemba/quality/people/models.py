"""Persons, printed names, grants, tokens, signing state, working time. No verbs."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models

from gemba.quality.records.models import Site


class PersonManager(BaseUserManager["Person"]):
    """Finds persons by user name, in any case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=(username or "").lower())


class Person(AbstractBaseUser):
    """Somebody who logs in; never deleted, the user name never given again."""

    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.BigIntegerField()
    password_set_at = models.BigIntegerField(null=True)
    identity_checked_at = models.BigIntegerField(null=True)
    identity_checked_by = models.CharField(max_length=80, blank=True)
    signing_trained_at = models.BigIntegerField(null=True)
    signing_accepted_at = models.BigIntegerField(null=True)
    signing_secret = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[PersonManager] = PersonManager()

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password; unlike Django's own, changes no row without a line in the trail."""
        return check_password(raw_password, self.password)

    @property
    def actor_id(self) -> str:
        """What the trail keeps of this person."""
        return f"person:{self.pk}"


class PersonName(models.Model):
    """A printed name and since when; kept apart, so that a name can be erased and the trail stays whole."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=120)
    since = models.BigIntegerField()


class Grant(models.Model):
    """A role at a site (every site where it is empty), from when until when, by whom."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=40)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True)
    granted_at = models.BigIntegerField()
    granted_by = models.CharField(max_length=80)
    ended_at = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "role", "site"], condition=models.Q(ended_at=None), name="grant_once"
            )
        ]


class Token(models.Model):
    """What an integration shows instead of a password; only its digest is stored."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=200)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True)
    issued_at = models.BigIntegerField()
    issued_by = models.CharField(max_length=80)
    expires_at = models.BigIntegerField()
    revoked_at = models.BigIntegerField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)
    tested_at = models.BigIntegerField(null=True)

    @property
    def actor_id(self) -> str:
        """What the trail keeps of this token."""
        return f"token:{self.pk}"


class OneTimeLink(models.Model):
    """A link that lets its holder set a password or the like once; only its digest is stored."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20)
    made_at = models.BigIntegerField(default=0)
    made_by = models.CharField(max_length=80, blank=True)
    expires_at = models.BigIntegerField()
    used_at = models.BigIntegerField(null=True)


class SigningSession(models.Model):
    """That a person has signed with both parts in this unbroken session."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signing_sessions")
    session = models.CharField(max_length=64)
    at = models.BigIntegerField()

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "session"], name="signing_session_once")
        ]


class FailedSigning(models.Model):
    """An attempt to sign that failed; counted until a success or an unlocking."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="failed_signings")
    at = models.BigIntegerField()
    cleared_at = models.BigIntegerField(null=True)


class PolicyChange(models.Model):
    """A rule of sign-in or signing from a moment on: its value, and why. Written once."""

    name = models.CharField(max_length=40)
    value = models.IntegerField()
    reason = models.TextField()
    set_at = models.BigIntegerField()
    set_by = models.CharField(max_length=80)


class WorkingTime(models.Model):
    """A weekly shift of a site: day (0 = Monday), from and until in minutes of the local day."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="working_times")
    day = models.IntegerField()
    start = models.IntegerField()
    end = models.IntegerField()

    class Meta:  # noqa: D106
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(day__range=(0, 6), start__gte=0, end__lte=1440)
                & models.Q(start__lt=models.F("end")),
                name="working_time_sane",
            )
        ]


class Closure(models.Model):
    """A holiday or a downtime of a site: from and until as moments."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="closures")
    name = models.CharField(max_length=120)
    start = models.BigIntegerField()
    end = models.BigIntegerField()
