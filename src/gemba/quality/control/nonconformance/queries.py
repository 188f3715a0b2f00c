"""Reads of nonconformances for screens and neighbours."""

from __future__ import annotations

from gemba.quality.control.nonconformance.models import Line, Nonconformance


def nonconformance(identity: int) -> Nonconformance:
    """The nonconformance of a header."""
    return Nonconformance.objects.select_related("header", "header__site").get(pk=identity)


def by_number(number: str, *, site: str) -> Nonconformance | None:
    """The nonconformance with this human number, if it belongs to the site."""
    rows = Nonconformance.objects.select_related("header", "header__site")
    return rows.filter(header__number=number, header__site=site).first()


def of_stream(stream: int) -> list[Nonconformance]:
    """The nonconformances of a stream, the newest first."""
    rows = Nonconformance.objects.select_related("header", "header__site")
    return list(rows.filter(stream=stream).order_by("-pk"))


def pending_lines(identity: int) -> int:
    """How many lines of a nonconformance are still to be carried out."""
    return Line.objects.filter(nonconformance=identity, state="pending").count()


def secured_in_words(record: Nonconformance) -> str:
    """Where suspect product was secured, how much, and how."""
    rows = record.locations.filter(answer="secured").order_by("pk")
    return "\n".join(
        f"{row.get_location_display()}, {row.quantity.normalize():f} {record.unit}: {row.words}"
        for row in rows
        if row.quantity is not None
    )
