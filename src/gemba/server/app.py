"""``run``: serve a plant from one process until it is told to stop."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gemba.server.opening import StartRefused, open_plant, prepare_settings
from gemba.server.secret import make_secret
from gemba.server.transport import Certificate, is_loopback, names_of_host, own_certificate

if TYPE_CHECKING:
    from gemba.quality.records.store.folder import DataFolder
    from gemba.server.jobs.clock import ClockKeeper
    from gemba.server.local import Answerer

SWITCH_SECONDS = 0.0005
"""How long a thread computes before another one may: short, so that a request never waits for a long one."""
GRACE_SECONDS = 15

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


def run(
    folder: Path,
    serving: Serving | None = None,
    *,
    say: Callable[[str], None] = print,
    answerer: Callable[[DataFolder], Answerer] | None = None,
) -> None:
    """Open the plant in a folder and serve it until a signal ends the process.

    ``answerer`` carries out what commands on this machine ask at the local door; there is none without it.

    Raises
    ------
    FolderRefused
        When another process holds the folder, or it is on a network drive.
    StartRefused
        When the store must not be opened; the text says what to do.
    """
    serving = serving or Serving()
    secure = serving.https or bool(serving.proxy)
    data = prepare_settings(
        folder, database=serving.database, https=secure, hosts=serving.hosts, proxy=serving.proxy
    )
    data.hold(shared=bool(serving.database))
    try:
        make_secret(data.keys)
        import django

        django.setup()
        now = datetime.now(UTC)
        link = open_plant(data, now=now, say=say)
        clock = _look_at_clock(now, say)
        certificate = _certificate(serving, data.keys, now)
        address = f"{'https' if serving.https else 'http'}://{_reached(serving)}:{serving.port}"
        say(f"Gemba serves {data.path} at {address}")
        if certificate is not None and certificate.authority is not None:
            say(f"Trust it on each device once: {address}/trust  (SHA-256 {certificate.fingerprint})")
        if link is not None:
            say(f"First administrator, within 30 minutes: {address}/setup/{link}")
        with _local_door(data, answerer):
            _serve(serving, certificate, clock)
    finally:
        data.release()


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


def _serve(serving: Serving, certificate: Certificate | None, clock: ClockKeeper) -> None:
    import uvicorn
    from django.conf import settings

    from gemba.quality.records.store.elsewhere import staying_open
    from gemba.server.assemble import assemble
    from gemba.server.outer import application
    from gemba.server.stopping import StoppingServer
    from gemba.server.web.static import make_static

    sys.setswitchinterval(SWITCH_SECONDS)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    make_static(settings.STATIC_ROOT)
    plant = assemble(clock)
    config = uvicorn.Config(
        application(plant),
        host=serving.host,
        port=serving.port,
        http="httptools",
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
        StoppingServer(config, plant.stopping).run()
