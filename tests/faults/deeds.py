"""What a plant does while its disk fails under it; ``stage.py`` runs each in a process of its own.

What was answered to somebody is written to the file ``acks`` in the folder, after the answer.
"""

from __future__ import annotations

import json
import os
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gemba.quality.records.store.folder import DataFolder

FOLDER = Path()
CHECKPOINT_BYTES = 150_000  # often, so that a cut hits one
TRIES = 100
STATES = ("accepted", "quarantined")
NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
FILE = b"a certificate of " + bytes(range(32, 127)) * 30


def acknowledge(line: str) -> None:
    """Somebody was told."""
    handle = os.open(FOLDER / "acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)


def held() -> DataFolder:
    """The plant's folder, held as a server holds it, with its store open."""
    from gemba.quality.records.keeping.opening import open_store
    from gemba.server.secret import make_secret

    data = DataFolder(FOLDER)
    data.hold()
    make_secret(data.keys)
    open_store(data, now=NOW)
    return data


# Seeds


def seed() -> None:
    """A plant with people, a characteristic, a token, nonconformances, a file and a backup."""
    import server.plant
    from gemba.quality.control.nonconformance.factory import make_staff, nonconformance_in
    from gemba.quality.records.attachments import keep_attachment
    from gemba.quality.records.keeping.backup import make_backup
    from gemba.quality.records.models import Site

    server.plant.seed(FOLDER)
    site = Site.objects.get()
    staff = make_staff(site, now=NOW)
    ncr = nonconformance_in("verified", site=site, staff=staff, now=NOW)
    keep_attachment(
        header=ncr.pk,
        name="first.txt",
        content=FILE,
        folder=DataFolder(FOLDER),
        actor=staff.engineer,
        now=NOW,
    )
    make_backup(DataFolder(FOLDER), why="asked", now=NOW)


def age() -> None:
    """Take steps of the schema back, as a store of an older version lacks them."""
    from django.core.management import call_command

    for app in ("api", "mfa"):
        call_command("migrate", app, "zero", verbosity=0, interactive=False)


# Readings under load


def take_readings(*, batches: int, sync: str, clients: int, seed: int) -> None:
    """Several clients send, a person writes remarks, and the one writer commits what waits together."""
    from django.db import connection

    from gemba.quality import loop
    from gemba.quality.people.queries import actor_of_token
    from gemba.quality.records.store.elsewhere import staying_open
    from gemba.quality.records.store.sqlite import base
    from gemba.server.ingest.writer import GroupWriter

    held()
    base.CHECKPOINT_BYTES = CHECKPOINT_BYTES
    if sync == "NORMAL":
        _relax(base)
    known = json.loads((FOLDER / "seed.json").read_text(encoding="utf-8"))
    actor = actor_of_token(known["token"], now=datetime.now(UTC))
    connection.close()
    writer = GroupWriter(loop.receive_joined, lambda: datetime.now(UTC))
    idle = staying_open()  # until the process ends
    idle.__enter__()
    writer.start()
    calls: list[tuple[Callable[..., None], Any]] = [
        (_client, (writer, actor, known["number"], f"w{number}", batches, random.Random(seed + number)))  # noqa: S311
        for number in range(clients)
    ]
    threads = [threading.Thread(target=_guarded, args=call) for call in [*calls, (_office, (batches // 2,))]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    acknowledge(f"done {writer.figures.requests} {writer.figures.commits}")


def _relax(base: Any) -> None:
    """The control: connections that do not sync at each commit."""
    connect = base.DatabaseWrapper.get_new_connection

    def relaxed(self: Any, parameters: Mapping[str, Any]) -> Any:
        made = connect(self, parameters)
        made.execute("PRAGMA synchronous=NORMAL")
        return made

    base.DatabaseWrapper.get_new_connection = relaxed


def _guarded(call: Callable[..., None], arguments: Sequence[Any]) -> None:
    import traceback

    try:
        call(*arguments)
    except BaseException:
        traceback.print_exc()
        os._exit(2)


def _client(writer: Any, actor: Any, number: str, source: str, batches: int, chance: random.Random) -> None:
    """Send one batch after another; one that was not taken is sent again until it is."""
    from gemba.quality.control.collecting.reading import Reading

    last = 0
    for _ in range(batches):
        count = chance.choice((1, 1, 1, 5, 20, 60))
        readings = [
            Reading(
                source=source, sequence=last + n, characteristic=number, stream={"machine": source},
                text=f"{chance.gauss(10, 0.02):.3f}",
            )
            for n in range(1, count + 1)
        ]  # fmt: skip
        _insist(lambda readings=readings: _sent(writer, actor, readings))  # type: ignore[misc]
        acknowledge(f"{source} {last + count}")
        last += count


def _sent(writer: Any, actor: Any, readings: Sequence[Any]) -> bool:
    """Whether the readings were taken; anything but an answer or a refusal of the store is an error."""
    from gemba.server.ingest.writer import Request, StoreUnavailable

    answered = threading.Event()
    outcomes: list[Any] = []

    def settle(outcome: Any) -> None:
        outcomes.append(outcome)
        answered.set()

    writer.offer(Request(readings, actor, settle))
    if not answered.wait(60):
        raise TimeoutError("no answer in a minute")
    if isinstance(outcomes[0], StoreUnavailable):
        return False
    if isinstance(outcomes[0], BaseException):
        raise outcomes[0]
    assert {receipt.status for receipt in outcomes[0]} <= {*STATES, "duplicate"}, outcomes[0]
    return True


def _office(remarks: int) -> None:
    """Write remarks to a record, each in a transaction of its own, as a page does."""
    from django.db import DatabaseError, connection

    from gemba.quality.people.models import Person
    from gemba.quality.people.queries import actor_of
    from gemba.quality.records.models import Header
    from gemba.quality.records.remarks import add_remark

    actor = actor_of(Person.objects.get(username="ada").pk)
    header = Header.objects.filter(type="characteristic").earliest("pk").pk
    assert actor is not None
    for number in range(1, remarks + 1):

        def add(number: int = number) -> bool:
            try:
                add_remark(header=header, text=f"remark {number}", actor=actor, now=datetime.now(UTC))
            except DatabaseError:
                connection.close()
                return False
            return True

        _insist(add)
        acknowledge(f"remark {number}")


def _insist(call: Callable[[], bool]) -> None:
    for _ in range(TRIES):
        if call():
            return
    raise AssertionError(f"the store did not come back in {TRIES} tries")


# Scenarios: one deed, one acknowledgement


def start_first() -> None:
    """A plant begins: store, keys, the link for the first administrator."""
    from gemba.server.opening import first_link

    held()
    link = first_link(now=NOW)
    acknowledge(f"link {link}")


def upgrade() -> None:
    """A plant of an older version is opened."""
    held()
    acknowledge("upgraded")


def sign_closing() -> None:
    """A nonconformance is closed with a signature: the move with the most rows."""
    from gemba.quality.control.nonconformance import factory, services
    from gemba.quality.control.nonconformance.models import Nonconformance
    from gemba.quality.people.models import Person

    held()
    staff = {name: factory.known(Person.objects.get(username=name)) for name in ("engineer", "approver")}
    ncr = Nonconformance.objects.get()
    services.answer_corrective(
        nonconformance=ncr, given=factory.NO_ACTION, actor=staff["engineer"], now=NOW + timedelta(hours=1)
    )
    acknowledge("answered")
    proof = factory.proof_of(staff["approver"])
    services.close(nonconformance=ncr, proof=proof, actor=staff["approver"], now=NOW + timedelta(hours=2))
    acknowledge("closed")


def keep_file() -> None:
    """A file is kept with a record."""
    from gemba.quality.control.nonconformance import factory
    from gemba.quality.control.nonconformance.models import Nonconformance
    from gemba.quality.people.models import Person
    from gemba.quality.records.attachments import keep_attachment

    data = held()
    engineer = factory.known(Person.objects.get(username="engineer"))
    kept = keep_attachment(
        header=Nonconformance.objects.get().pk, name="second.txt", content=FILE[::-1], folder=data,
        actor=engineer, now=NOW + timedelta(hours=1),
    )  # fmt: skip
    acknowledge(f"kept {kept.pk}")


def back_up() -> None:
    """A backup is made beside one that is there."""
    from gemba.quality.records.keeping.backup import make_backup

    made = make_backup(held(), why="asked", now=NOW + timedelta(hours=1))
    acknowledge(f"backup {made.path.name}")


def bring_back() -> None:
    """The plant is made again what it was at its backup."""
    from gemba.quality.records.actor import system
    from gemba.quality.records.keeping.restore import restore

    data = held()
    backup = _first_backup(data)
    restore(backup, data, replace=True, actor=system("test"), now=NOW + timedelta(hours=1))
    acknowledge(f"restored {backup.name}")


def damage(*, flips: int, cuts: int, seed: int) -> None:
    """Files of a backup are damaged, one bit or one cut at a time; restoring it is asked each time."""
    chance = random.Random(seed)  # noqa: S311
    data = held()
    backup = _first_backup(data)
    before = data.store.read_bytes()
    files = sorted(path for path in backup.rglob("*") if path.is_file())
    unnoticed = []
    for number in range(flips + cuts):
        path = chance.choice(files)
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        if number < flips:
            path.write_bytes(
                whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :]
            )
        else:
            path.write_bytes(whole[:place])
        if not _is_refused(backup, data):
            unnoticed.append(f"{path.name}@{place}")
        path.write_bytes(whole)
    acknowledge(f"unnoticed {len(unnoticed)} {' '.join(unnoticed[:5])}")
    left = [path.name for path in data.path.glob("*replaced*")] + [
        path.name for path in data.path.glob(".rest*")
    ]
    acknowledge(f"touched {int(data.store.read_bytes() != before) + len(left)}")


def _first_backup(data: DataFolder) -> Path:
    from gemba.quality.records.keeping.backup import backups_folder, list_backups

    return list_backups(backups_folder(data))[-1].path


def _is_refused(backup: Path, data: DataFolder) -> bool:
    from gemba.quality.records.actor import system
    from gemba.quality.records.keeping.checking import StoreRefused
    from gemba.quality.records.keeping.restore import restore

    try:
        restore(backup, data, replace=True, actor=system("test"), now=NOW)
    except StoreRefused:
        return True
    return False


DEEDS: Mapping[str, Callable[..., None]] = {
    call.__name__: call
    for call in (
        seed, age, take_readings, start_first, upgrade, sign_closing, keep_file, back_up, bring_back, damage,
    )
}  # fmt: skip
