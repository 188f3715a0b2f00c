"""How the secrets of the demo are kept: all can read them in the bar, so a slow hash protects nothing."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class ShownSecretHasher(Argon2PasswordHasher):
    """The hash of every plant, at a hundredth of its cost; the settings name it where a demo is served."""

    time_cost = 1
    memory_cost = 1024
    parallelism = 1
