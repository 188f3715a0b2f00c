"""``run``: serve a plant from one process until it is told to stop."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gemba.server.opening import StartRefused, open_plant, prepare_settings
from gemba.server.secret import make_secret
from gemba.server.transport import Certificate, is_loopback, names_of_host, own_certificate
from gemba.stats.results import N_, translator

if TYPE_CHECKING:
    from gemba.quality.records.store.folder import DataFolder
    from gemba.server.jobs.clock import ClockKeeper
    from gemba.server.jobs.workers import Job
    from gemba.server.local import Answerer

SWITCH_SECONDS = 0.0001
"""How long a thread computes before another one may: short, so that a request never waits for a long one."""
GRACE_SECONDS = 15
MADE_BETWEEN_LOOKS = 100_000
"""So many objects are made between two looks for garbage."""

__all__ = ["Serving", "StartRefused", "run"]


@dataclass(frozen=True)
class Serving:
    """Where and how to serve.

    ``certificate`` and ``certificate_key`` are files for HTTPS; without them a server that is not on
    loopback makes its own authority. ``proxy`` is the address of a proxy of the plant that speaks HTTPS
    for us; ``names`` are more host names that browsers use.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    database: str = ""
    certificate: Path | None = None
    certificate_key: Path | None = None
    proxy: str = ""
    names: tuple[str, ...] = ()

    @property
    def https(self) -> bool:
        """Whether this process speaks HTTPS itself: always where others can reach it, but for a proxy."""
        return self.certificate is not None or not (self.proxy or is_loopback(self.host))

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every name by which it is reached."""
        return tuple(dict.fromkeys([*self.names, *names_of_host(self.host)]))


class Stage(Protocol):
    """How a plant is opened and what goes on in it; that of one's own plant is ``OwnPlant``."""

    def open(self, data: DataFolder, say: Callable[[str], None]) -> str:
        """Open the store; the way in for whoever opens it, as the path of a link, or an empty text."""
        ...

    @property
    def words(self) -> str:
        """What the link is for."""
        ...

    def jobs(self) -> Sequence[Job]:
        """What goes on beside the jobs of every plant."""
        ...

    def served(self, address: str) -> None:
        """The port answers; the address of the link, or of the plant."""


class OwnPlant:
    """A plant of one's own: nothing happens in it by itself."""

    words = N_("First administrator, within 30 minutes")

    def open(self, data: DataFolder, say: Callable[[str], None]) -> str:
        """Open the store; a link for the first administrator while there is none."""
        from gemba.server.clock import now

        link = open_plant(data, now=now(), say=say)
        return "" if link is None else f"/setup/{link}"

    def jobs(self) -> Sequence[Job]:
        """None."""
        return ()

    def served(self, address: str) -> None:
        """Nobody else is told."""


def run(
    folder: Path,
    serving: Serving | None = None,
    *,
    say: Callable[[str], None] = print,
    answerer: Callable[[DataFolder], Answerer] | None = None,
    stage: Stage | None = None,
) -> None:
    """Open the plant in a folder and serve it until a signal ends the process.

    ``answerer`` carries out what commands on this machine ask at the local door; there is none without it.
    ``stage`` opens a plant that is not one's own.

    Raises
    ------
    FolderRefused
        When another process holds the folder, or it is on a network drive.
    StartRefused
        When the store must not be opened; the text says what to do.
    """
    serving, stage = serving or Serving(), stage or OwnPlant()
    secure = serving.https or bool(serving.proxy)
    data = prepare_settings(
        folder, database=serving.database, https=secure, hosts=serving.hosts, proxy=serving.proxy
    )
    data.hold(shared=bool(serving.database))
    try:
        make_secret(data.keys)
        import django

        django.setup()
        from gemba.server.clock import now

        link = stage.open(data, say)
        clock = _look_at_clock(now(), say)
        certificate = _certificate(serving, data.keys, now())
        address = f"{'https' if serving.https else 'http'}://{_reached(serving)}:{serving.port}"

        def answering() -> None:
            for line in _greeting(data.path, address, certificate, f"{address}{link}" if link else "", stage):
                say(line)
            stage.served(address + link)

        with _local_door(data, answerer):
            _serve(serving, certificate, clock, stage.jobs(), answering)
    finally:
        data.release()


def _greeting(
    folder: Path, address: str, certificate: Certificate | None, link: str, stage: Stage
) -> Iterator[str]:
    """Where the plant is reached, in its own language."""
    from django.conf import settings

    t = translator(settings.LANGUAGE_CODE)
    yield t(N_("Gemba serves {path} at {address}")).format(path=folder, address=address)
    if certificate is not None and certificate.authority is not None:
        words = t(N_("Trust it on each device once: {address}/trust  (SHA-256 {fingerprint})"))
        yield words.format(address=address, fingerprint=certificate.fingerprint)
    if link:
        yield f"{t(stage.words)}: {link}"


def _look_at_clock(now: datetime, say: Callable[[str], None]) -> ClockKeeper:
    from gemba.server.clock import Watch
    from gemba.server.jobs.clock import ClockKeeper

    clock = ClockKeeper(Watch())
    if behind := clock.begin(now):
        say(behind)
    return clock


def _reached(serving: Serving) -> str:
    return (
        next((name for name in serving.hosts if name != "127.0.0.1"), serving.host)
        if (
            serving.host in ("0.0.0.0", "::")  # noqa: S104 (compared, not bound)
        )
        else serving.host
    )


def _certificate(serving: Serving, keys: Path, now: datetime) -> Certificate | None:
    if not serving.https:
        return None
    if serving.certificate is not None:
        return Certificate(serving.certificate, serving.certificate_key or serving.certificate)
    return own_certificate(keys, serving.hosts, now=now)


@contextmanager
def _local_door(data: DataFolder, answerer: Callable[[DataFolder], Answerer] | None) -> Iterator[None]:
    if answerer is None:
        yield
        return
    from gemba.server.local import LocalDoor

    door = LocalDoor(data.keys, answerer(data))
    door.open()
    try:
        yield
    finally:
        door.close()


def _serve(
    serving: Serving,
    certificate: Certificate | None,
    clock: ClockKeeper,
    jobs: Sequence[Job],
    answering: Callable[[], None],
) -> None:
    import uvicorn
    from django.conf import settings

    from gemba.quality.records.store.elsewhere import staying_open
    from gemba.server.assemble import assemble
    from gemba.server.lane import lane_of
    from gemba.server.outer import application
    from gemba.server.stopping import StoppingServer
    from gemba.server.web.static import make_static

    sys.setswitchinterval(SWITCH_SECONDS)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    make_static(settings.STATIC_ROOT)
    plant = assemble(clock, jobs)
    _keep_what_is_there()
    config = uvicorn.Config(
        application(plant),
        host=serving.host,
        port=serving.port,
        http="httptools" if serving.proxy else lane_of(plant.writer),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        lifespan="on",
        proxy_headers=bool(serving.proxy),
        forwarded_allow_ips=serving.proxy or None,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=str(certificate.chain) if certificate else None,
        ssl_keyfile=str(certificate.key) if certificate else None,
    )
    with staying_open():
        StoppingServer(config, plant.stopping, answering).run()


def _keep_what_is_there() -> None:
    """Let the search for garbage pass over what a server has loaded, and look less often at what comes.

    A commit of five thousand readings makes some twenty-five thousand rows that live until its end. Looked
    at every seven hundred, as by default, they cost a tenth of what receiving computes, and every twenty
    thousand still one in twenty-five. Objects in a ring, which only a look finds, wait in some ten megabytes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BETWEEN_LOOKS, 20, 20)
