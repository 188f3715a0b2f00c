"""Readings over HTTP: durable, judged and sealed before the answer, from 16 connections that stay open.

On SQLite, or on the PostgreSQL server of ``GEMBA_DATABASE`` in a database of its own. ``GEMBA_BENCH_SECONDS``
says how long each load lasts. The client runs beside the server and takes its share of the two cores.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import psutil
import psycopg
from harness import ROOT, Line, Sheet
from load import Load, Seen
from served import PASSWORD, free_port

SECONDS = float(os.environ.get("GEMBA_BENCH_SECONDS", "4"))
AIMS = {"SQLite": (4000, 50_000), "PostgreSQL": (2500, 40_000)}
"""Readings a second, singly and in batches; of PostgreSQL half of what two processes are to reach."""
PAGES = ("/charts", "/records/characteristic", "/records/nonconformance", "/tasks", "/")


@dataclass(frozen=True)
class Served:
    """A server under load: where it listens, its process, and what its seed told."""

    port: int
    process: subprocess.Popen[str]
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    """What one load gave: what the client saw, and the seconds of the server's own computing."""

    seen: Seen
    computed: float

    def line(self, who: str, gemba: float) -> Line:
        """As a line of a sheet: seconds a reading."""
        seen = self.seen
        if not seen.readings:
            raise RuntimeError(f"{who} took nothing: {seen.failure}")
        each = seen.seconds / seen.readings
        note = (
            f"{1 / each:,.0f} /s, p50 {seen.p50:.1f} ms, p99 {seen.p99:.1f} ms, worst {seen.worst:.0f} ms; "
        )
        note += f"server computes {1e6 * self.computed / seen.readings:.0f} us each"
        if seen.failed:
            note += f"; {seen.failed} FAILED: {seen.failure}"
        return Line(who, each, gemba or each, note)


def sheets() -> list[Sheet]:
    with serving() as plant:
        single = loaded([plant], readings(plant, batch=1, name="single"))
        batch = loaded([plant], readings(plant, batch=1000, name="batch"))
        paged, pages = _while_pages_open(plant, plant)
    where = "PostgreSQL" if os.environ.get("GEMBA_DATABASE") else "SQLite"
    made = [
        Sheet(f"A reading over HTTP, one a request, 16 connections, {where}", 1 / AIMS[where][0],
              (single.line("gemba", 0),)),
        Sheet(f"A reading over HTTP, 1,000 a request, 16 connections, {where}", 1 / AIMS[where][1],
              (batch.line("gemba", 0),)),
        Sheet(f"A reading over HTTP, one a request, {_opened(pages)}, {where}", 1 / 1500,
              (paged.line("gemba", 0),)),
    ]  # fmt: skip
    return made + (of_two_processes() if where == "PostgreSQL" else [])


def of_two_processes() -> list[Sheet]:
    """Two servers on one PostgreSQL: each with a client of its own, and one for machines, one for people.

    A stream is judged in one order, so servers that bring readings of the same machines wait for each other.
    In the first seconds of a plant each of its charts has its first signals, which are records with tasks:
    that load is not counted, as the loads of single readings come first where one process is measured. The
    checkpoint after it gives PostgreSQL the files of its log to use again; one that has just been made would
    write each of them twice, with zeros first.
    """
    with serving(2) as pair:
        _in_halves(pair, "first")
        with psycopg.connect(os.environ["GEMBA_DATABASE"], autocommit=True) as admin:
            admin.execute("CHECKPOINT")
        own = _in_halves(pair, "own")
        same = loaded(pair, *(readings(one, batch=1000, name="same") for one in pair))
    with serving(2) as pair:
        machines, people = pair
        loaded([machines], readings(machines, batch=1, name="single"))
        loaded([machines], readings(machines, batch=1000, name="batch"))
        apart, pages = _while_pages_open(machines, people)
    work = "A reading over HTTP, 1,000 a request, two processes on one PostgreSQL"
    lines = own.line("each brings its own machines", 0), same.line("both bring all machines", 0)
    beside = f"A reading over HTTP, one a request, {_opened(pages)}, two processes on one PostgreSQL"
    return [
        Sheet(work, 1 / 80_000, lines),
        Sheet(beside, 1 / 1500, (apart.line("one for machines, one for people", 0),)),
    ]


def _opened(pages: Sequence[Seen]) -> str:
    worst = max(page.worst for page in pages)
    return f"while {sum(page.requests for page in pages)} pages are opened, the slowest in {worst:.0f} ms"


def _in_halves(pair: Sequence[Served], name: str) -> Figure:
    """Load both servers, each with readings of machines of its own."""
    loads = [readings(one, batch=1000, name=name) for one in pair]
    return loaded(pair, *(_of_half(load, place) for place, load in enumerate(loads)))


def _of_half(load: Load, place: int) -> Load:
    """The same load on the machines of every second characteristic."""
    return replace(load, characteristics=load.characteristics[place::2], first=place, apart=2)


def readings(plant: Served, *, batch: int, name: str) -> Load:
    """A load of readings for a plant of Gemba."""
    headers = {"Authorization": f"Bearer {plant.told['token']}"}
    known = list(plant.told["characteristics"])
    about = {"headers": headers, "characteristics": known, "batch": batch, "seconds": SECONDS}
    return Load(port=plant.port, name=f"{name}-{plant.port}", **about)


def loaded(servers: Sequence[Served], *loads: Load) -> Figure:
    """Put loads on servers, all at once; what the first client saw, readings of all added up."""
    before = _computed(servers)
    clients = [_client(load) for load in loads]
    seen = [_answer(client) for client in clients]
    first = seen[0]
    total = sum(one.readings for one in seen)
    joined = Seen(**(asdict(first) | {"readings": total, "seconds": max(one.seconds for one in seen)}))
    return Figure(joined, (_computed(servers) - before) * first.seconds / (first.seconds + loads[0].warm))


def _while_pages_open(machines: Served, people: Served) -> tuple[Figure, list[Seen]]:
    """Readings while two people open pages; each page was opened once before, as those of a day are."""
    cookie = sign_in(people.port)
    pages = _pages(people.port, cookie)
    for page in pages:
        fetch(people.port, page, {"Cookie": cookie})
    asked = Load(port=people.port, headers={"Cookie": cookie}, pages=pages, seconds=SECONDS)
    servers = list({served.port: served for served in (machines, people)}.values())
    before = _computed(servers)
    persons = [_client(asked) for _ in range(2)]
    sender = _client(readings(machines, batch=1, name="paged"))
    figure = Figure(_answer(sender), _computed(servers) - before)
    return figure, [_answer(person) for person in persons]


def _pages(port: int, cookie: str) -> list[str]:
    """The lists, and one chart."""
    charts = json.loads(fetch(port, "/charts.json", {"Cookie": cookie})[1])["charts"]
    return [f"/charts/{charts[0]['stream']}", *PAGES]


def _client(load: Load) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "load.py"), json.dumps(asdict(load))]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE)


def _answer(client: subprocess.Popen[str]) -> Seen:
    out, _ = client.communicate(timeout=600)
    if client.returncode:
        raise RuntimeError("the client failed")
    return Seen(**json.loads(out))


def _computed(servers: Sequence[Served]) -> float:
    """The seconds that these processes and their children have computed."""
    total = 0.0
    for server in servers:
        times = psutil.Process(server.process.pid).cpu_times()
        total += times.user + times.system
    return total


@contextmanager
def serving(count: int = 1) -> Iterator[Any]:
    """A plant of Gemba in a folder of its own; ``count`` processes of it on PostgreSQL give a list."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="gemba-bench-")))
        address = held.enter_context(own_database())
        started = [
            held.enter_context(started_server(_command(folder, port), port, folder, address))
            for port in (free_port() for _ in range(count))
        ]
        yield started if count > 1 else started[0]


def _command(folder: Path, port: int) -> list[str]:
    return [sys.executable, str(ROOT / "benchmarks" / "served.py"), str(folder), str(port)]


@contextmanager
def started_server(command: list[str], port: int, folder: Path, address: str) -> Iterator[Served]:
    """A server as its own process, until it answers; stopped afterwards."""
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("GEMBA_", "DJANGO_"))
    }
    variables |= {"GEMBA_DATABASE": address} if address else {}
    log = folder / f"server-{port}.log"
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(command, env=variables, text=True, stdout=said, stderr=said)
    try:
        wait_until_it_answers(port, process)
        yield Served(port, process, json.loads((folder / "seed.json").read_text(encoding="utf-8")))
    except BaseException:
        print(log.read_text(encoding="utf-8")[-3000:], file=sys.stderr)
        raise
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_until_it_answers(port: int, process: subprocess.Popen[str], path: str = "/ready") -> None:
    """Until a server can work; a process that ends before is an error."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if fetch(port, path, {})[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def fetch(port: int, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and body of one page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        connection.close()


def sign_in(port: int) -> str:
    """The cookie of a signed-in person."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/account/login")
    answer = connection.getresponse()
    page = answer.read().decode()
    csrf = _cookie(answer.getheader("set-cookie") or "", "gemba-csrf")
    form = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert form is not None
    typed = {"login": "ada", "password": PASSWORD, "csrfmiddlewaretoken": form[1]}
    kind = "application/x-www-form-urlencoded"
    connection.request(
        "POST", "/account/login", urlencode(typed), {"Cookie": f"gemba-csrf={csrf}", "Content-Type": kind}
    )
    answer = connection.getresponse()
    answer.read()
    given = " ".join(value for name, value in answer.getheaders() if name.lower() == "set-cookie")
    connection.close()
    return f"gemba={_cookie(given, 'gemba')}"


def _cookie(given: str, name: str) -> str:
    found = re.search(rf"(?:^|[ ;,]){name}=(\w+)", given)
    assert found is not None, given
    return found[1]


@contextmanager
def own_database() -> Iterator[str]:
    """The address of a database of its own on the server of ``GEMBA_DATABASE``; empty where there is none."""
    server = os.environ.get("GEMBA_DATABASE", "")
    if not server:
        yield ""
        return
    import psycopg

    name = f"gemba_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
