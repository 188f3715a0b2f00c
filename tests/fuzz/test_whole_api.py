"""The whole description of the API against a served plant: no accident, no answer beside the description.

``bin/api`` asks a few thousand times as three actors, ``bin/api --full`` a hundred thousand times.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from faults.served import Plant, environment
from trials import Trials

Show = Callable[[str], None]
ACTORS = ("ada", "bert", "token")
"""Who makes and decides, who approves, an integration that sends and reads."""
PHASES = "examples,coverage,fuzzing,stateful"
WAITED = 30
"""Seconds until an answer is a hang: a printed record takes some on a machine that is busy with more."""
REFUSED_WITHOUT_HEADER = ["400", "401", "403", "406", "415", "422", "428"]


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    folder = tmp_path_factory.mktemp("fuzzed") / "plant"
    folder.mkdir()
    command = [sys.executable, "-m", "fuzz.crowded", str(folder)]
    subprocess.run(command, env=environment({}, tests=True), check=True)  # noqa: S603 (ours)
    found = Plant(folder)
    yield found
    found.end()


def headers_of(plant: Plant, actor: str) -> dict[str, str]:
    if actor == "token":
        return {"Authorization": f"Bearer {plant.token}"}
    cookies = plant.sign_in(actor)
    both = "; ".join(f"{name}={text}" for name, text in cookies.items())
    return {"Cookie": both, "X-CSRFToken": cookies["gemba-csrf"]}


def settings_of(plant: Plant, actor: str) -> str:
    """The fuzzer's settings: real ids often enough that it comes past the first refusal."""
    known = json.loads((plant.folder / "seed.json").read_text(encoding="utf-8"))
    references = json.dumps([*known["records"], *known["numbers"]])
    # A session stands in a header that every request carries: only a token can be taken away.
    ignored = "true" if actor == "token" else "false"
    # What a rule of the plant refuses is no fault of the description.
    return f"""
suppress-health-check = ["all"]
[checks]
positive_data_acceptance.enabled = false
ignored_auth.enabled = {ignored}
missing_required_header.expected-statuses = {json.dumps(REFUSED_WITHOUT_HEADER)}
[dictionaries.references]
values = {references}
[dictionaries.others]
values = {json.dumps(known["others"])}
[parameters]
reference = {{ dictionary = "references", probability = 0.7 }}
identity = {{ dictionary = "others", probability = 0.7 }}
"""


def fuzz(plant: Plant, actor: str, examples: int, seed: int, folder: Path) -> int:
    """Ask once through all phases; returns how many requests were made."""
    file = folder / "settings.toml"
    file.write_text(settings_of(plant, actor), encoding="utf-8")
    command: list[Any] = [Path(sys.executable).with_name("schemathesis"), "--config-file", file, "run"]
    command += [f"http://127.0.0.1:{plant.port}/api/v1/openapi.json", "--phases", PHASES]
    command += ["--max-examples", examples, "--seed", seed, "--no-color", "--continue-on-failure"]
    command += ["--generation-database", "none", "--warnings", "off", "--request-timeout", WAITED]
    for name, text in headers_of(plant, actor).items():
        command += ["--header", f"{name}: {text}"]
    done = subprocess.run(  # noqa: S603 (our own tool)
        [str(word) for word in command], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    made = re.search(r"^\s*(\d+) generated", done.stdout, re.MULTILINE)
    assert made is not None, done.stdout[-2000:]
    return int(made[1])


@pytest.mark.parametrize("actor", ACTORS)
def test_no_request_finds_an_accident_or_a_lie(
    plant: Plant, actor: str, trials: Trials, show: Show, tmp_path: Path
) -> None:
    examples, wanted = trials(5, 100), trials(1, 100_000 // len(ACTORS) + 1)
    made = runs = 0
    while made < wanted and not (made and trials.is_over()):
        runs += 1
        made += fuzz(plant, actor, examples, 31 * runs, tmp_path)
    assert plant.errors() == []
    if made < wanted:
        show(f"STOPPED by the time given: {made} of {wanted} requests")
    show(
        f"whole API as {actor}: {made} requests in {runs} runs of all phases, 0 server errors, "
        "0 answers outside the description, 0 times bad data accepted"
    )
    assert plant.ready()
