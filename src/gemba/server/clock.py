"""The one place where the server looks at the clock; everything below is told what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """The moment of the call, in UTC."""
    return datetime.now(UTC)
