"""Readings to a served plant: the request, and coming back when the plant asks for it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from gemba.cli.language import _, spoken
from gemba.stats.results import StatsError

TIMEOUT = 60
PATIENCE = 120.0
"""Seconds that one request waits in all while the plant asks to come back."""
LONGEST = 30.0
COME_BACK = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
Readings = Sequence[Mapping[str, Any]]


def post_readings(
    url: str, token: str, readings: Readings, *, wait: Callable[[float], object] = time.sleep
) -> Mapping[str, Any]:
    """Send readings and return the plant's answer; sent again when the plant says so, not for ever.

    Raises
    ------
    StatsError
        When the address is none, nobody answers, or the plant refuses.
    """
    if not url.startswith(("http://", "https://")):
        words = _("{url} is no address of a plant. Write http://... or https://...")
        raise StatsError(words.format(url=url))
    request = urllib.request.Request(  # noqa: S310 (the scheme was looked at)
        f"{url.rstrip('/')}/api/v1/readings",
        data=json.dumps(readings).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "Accept-Language": spoken(),
        },
    )
    left = PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 (as above)
                found: Mapping[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            pause = _pause(error)
            if pause is None or pause > left:
                raise StatsError(_refusal(error, waited=left < PATIENCE)) from error
        except urllib.error.URLError as error:
            words = _("The plant at {url} does not answer: {why}. Is it served?")
            raise StatsError(words.format(url=url, why=error.reason)) from error
        wait(pause)
        left -= pause


def _pause(error: urllib.error.HTTPError) -> float | None:
    """How many seconds the plant asks to wait; ``None`` when to send again would not help."""
    if error.code not in COME_BACK:
        return None
    asked = error.headers.get("Retry-After", "").strip()
    return min(max(float(asked), 1.0), LONGEST) if asked.isdecimal() else 1.0


def _refusal(error: urllib.error.HTTPError, *, waited: bool) -> str:
    try:
        detail = str(json.load(error).get("detail", error.reason))
    except ValueError:
        detail = str(error.reason)
    said = _("The plant answered {code}: {detail}").format(code=error.code, detail=detail)
    if waited:
        again = _("It said so for {seconds:.0f} s. Send the file again later: nothing of it is stored twice.")
        said += " " + again.format(seconds=PATIENCE)
    return said
