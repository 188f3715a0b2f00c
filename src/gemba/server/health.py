"""Whether the server lives, whether it can work, and its figures for a monitoring system."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from gemba.quality.records import store
from gemba.server.absent import ask_store
from gemba.server.access import ACCESS, allows
from gemba.server.ingest.route import problem, whose
from gemba.server.plant import Plant
from gemba.server.transport import is_loopback
from gemba.stats.results import N_


async def health(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def ready(_request: Request, plant: Plant) -> Response:
    """Whether the store answers and can be written, and every thread works; 503 names what does not."""
    answers, written = await _store_answers()
    parts = {
        "store": answers,
        "writing": written,
        "ingest": plant.writer.alive,
        "workers": plant.workers.alive,
        "open": not plant.feed.stopping,
    }
    good = all(parts.values())
    return JSONResponse(
        {"status": "ready" if good else "not ready", **parts, "clock": _clock(plant)}, 200 if good else 503
    )


def _clock(plant: Plant) -> dict[str, object]:
    """How often the clock was set since the start, and the last time from when to when."""
    last = plant.clock.last
    shown = None if last is None else {"before": last.before.isoformat(), "after": last.after.isoformat()}
    return {"set": plant.clock.jumps, "last": shown}


async def metrics(request: Request, plant: Plant) -> Response:
    """Figures in the text form that Prometheus reads; for this machine, and for who may manage the system."""
    if not (request.client and is_loopback(request.client.host)):
        identity = await whose(request)
        if identity is None or identity.must or not allows(ACCESS["metrics"].read or (), identity.actor):
            return problem(403, "role", N_("Figures are for this machine and for system administrators."))
    waiting, failed = await ask_store(_deliveries)
    done = plant.writer.figures
    figures = {
        "gemba_ingest_requests_total": done.requests,
        "gemba_ingest_readings_total": done.readings,
        "gemba_ingest_commits_total": done.commits,
        "gemba_ingest_commit_seconds_total": round(done.seconds, 6),
        "gemba_ingest_retried_total": done.retried,
        "gemba_ingest_turned_away_total": done.turned_away,
        "gemba_ingest_waiting_readings": plant.writer.waiting,
        "gemba_outbox_delivered_total": plant.workers.delivered,
        "gemba_outbox_waiting": waiting,
        "gemba_outbox_failed": failed,
        "gemba_live_browsers": plant.feed.listening,
        "gemba_store_writable": int(not store.trouble()),
        "gemba_clock_set_total": plant.clock.jumps,
    }
    lines = [f"{name} {value}" for name, value in figures.items()]
    for job in plant.workers.jobs:
        label = job.name.replace(" ", "_")
        lines.append(f'gemba_job_runs_total{{job="{label}"}} {job.runs}')
        lines.append(f'gemba_job_failures_total{{job="{label}"}} {job.failures}')
    return PlainTextResponse("\n".join(lines) + "\n")


async def _store_answers() -> tuple[bool, bool]:
    """Whether the store can be read and written; what failed last is tried again."""
    try:
        return await ask_store(lambda: (store.fetch("SELECT 1") == [(1,)], not store.find_trouble()))
    except (DatabaseError, InterfaceError):
        return False, False


def _deliveries() -> tuple[int, int]:
    rows = store.fetch("SELECT state, COUNT(*) FROM records_delivery WHERE state <> 'done' GROUP BY state")
    counted = {str(state): int(count) for state, count in rows}
    return counted.get("waiting", 0), counted.get("failed", 0)
