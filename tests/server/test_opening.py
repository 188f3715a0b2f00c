"""Secrets are made once, and HTTPS where it is missing."""

from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from gemba.quality.records.store.folder import DataFolder
from gemba.server.app import Serving
from gemba.server.secret import make_secret, secret_key
from gemba.server.settings.database import database_settings
from gemba.server.transport import is_loopback, names_of_host, own_certificate

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    make_secret(tmp_path / "keys")
    first = secret_key(tmp_path / "keys")
    make_secret(tmp_path / "keys")
    assert secret_key(tmp_path / "keys") == first
    assert stat.S_IMODE((tmp_path / "keys" / "session.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("address", ["", "postgresql://gemba@db/plant"])
def test_a_thread_keeps_its_connection_between_two_requests(address: str, tmp_path: Path) -> None:
    assert database_settings(address, DataFolder(tmp_path))["CONN_MAX_AGE"] > 60


def test_every_address_that_is_not_loopback_speaks_https() -> None:
    for host in ("127.0.0.1", "localhost", "::1", "127.0.0.9"):
        assert is_loopback(host)
        assert not Serving(host=host).https
    for host in ("0.0.0.0", "192.168.1.5", "plant.example"):  # noqa: S104 (compared)
        assert not is_loopback(host)
        assert Serving(host=host).https
    assert not Serving(host="0.0.0.0", proxy="10.0.0.1").https  # noqa: S104 (compared)


def test_the_plants_own_certificate_is_accepted_by_who_trusts_its_authority(tmp_path: Path) -> None:
    made = own_certificate(tmp_path, ("plant.example", "192.0.2.7"), now=datetime.now(UTC))
    context = ssl.create_default_context(cafile=str(made.authority))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.chain, made.key)
    one, two = ssl.MemoryBIO(), ssl.MemoryBIO()
    client_side = context.wrap_bio(one, two, server_hostname="plant.example")
    server_side = server.wrap_bio(two, one, server_side=True)
    for _ in range(4):
        for side in (client_side, server_side):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert client_side.version() in ("TLSv1.2", "TLSv1.3")
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600
    assert len(made.fingerprint.split(":")) == 32


def test_a_certificate_is_kept_until_it_nears_its_end_or_names_change(tmp_path: Path) -> None:
    def serial(names: tuple[str, ...], days: int) -> int:
        made = own_certificate(tmp_path, names, now=MOMENT + timedelta(days=days))
        return x509.load_pem_x509_certificate(made.chain.read_bytes()).serial_number

    first = serial(("a.example",), 0)
    assert serial(("a.example",), 300) == first
    renewed = serial(("a.example",), 370)
    assert renewed != first
    assert serial(("b.example",), 370) != renewed
    authority = (tmp_path / "authority.crt").read_bytes()
    serial(("b.example",), 700)
    assert (tmp_path / "authority.crt").read_bytes() == authority


def test_a_server_on_every_address_is_named_by_this_machine() -> None:
    import socket

    assert socket.gethostname() in names_of_host("0.0.0.0")  # noqa: S104 (named)
    assert names_of_host("127.0.0.1") == ("127.0.0.1", "localhost")
