"""Which backups stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gemba.quality.records.keeping.rotation import DAYS, MONTHS, WEEKS, Made, superfluous

START = datetime(2025, 1, 1, tzinfo=UTC)


def rotated(hours: int, *, sound_every: int = 1) -> list[Made]:
    """What is left after so many hours with a backup an hour."""
    left: list[Made] = []
    for hour in range(hours):
        now = START + timedelta(hours=hour)
        left.append(Made(str(hour), now, hour % sound_every == 0))
        gone = superfluous(left, now)
        left = [made for made in left if made not in gone]
    return left


def test_after_two_years_there_are_hours_days_weeks_and_months() -> None:
    left = rotated(24 * 730)
    now = left[-1].at
    assert len([made for made in left if now - made.at < timedelta(days=1)]) == 24
    assert {now.date() - timedelta(days=back) for back in range(DAYS)} <= {made.at.date() for made in left}
    weeks = {made.at.isocalendar()[:2] for made in left}
    assert {(now - timedelta(weeks=back)).isocalendar()[:2] for back in range(WEEKS)} <= weeks
    assert len({(made.at.year, made.at.month) for made in left}) == MONTHS
    assert len(left) <= 24 + DAYS + WEEKS + MONTHS


def test_the_last_sound_backup_stays_however_old_it_is() -> None:
    sound = Made("good", START, sound=True)
    bad = [Made(f"bad-{day}", START + timedelta(days=day), sound=False) for day in range(1, 500)]
    left = superfluous([sound, *bad], START + timedelta(days=500))
    assert sound not in left
    assert len(left) == 499


def test_a_sound_backup_stands_for_its_day_before_a_later_one_that_is_not() -> None:
    sound = Made("good", START, sound=True)
    unsound = Made("bad", START + timedelta(hours=5), sound=False)
    newest = Made("newest", START + timedelta(days=3), sound=True)
    assert superfluous([sound, unsound, newest], START + timedelta(days=3)) == [unsound]


def test_nothing_of_the_last_day_goes() -> None:
    made = [Made(str(n), START + timedelta(minutes=n), sound=n == 0) for n in range(1000)]
    assert superfluous(made, START + timedelta(minutes=1000)) == []
