"""Takes every picture of the manual from the real product: ``bin/docs --pictures [NAME ...]``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import randrange
from shutil import which
from typing import Any

from playwright.sync_api import sync_playwright

from browser.conftest import FLAGS
from pictures.book import FOLDER, PASSWORD, PICTURES, USED, Picture
from pictures.camera import SHARP, take
from server.served import PROGRAM
from story.marks import MARK, PAGE, SEQUEL, parts
from walls.tree import ROOT, text

OUT = ROOT / FOLDER
PORTS = (20_000, 30_000)
"""Below those that a system gives away by itself: a plant takes its port only when it is made."""
FILE = ROOT / "examples" / "shaft_line.xlsx"
PLACE = re.compile(f"{MARK.pattern}|{USED.pattern}", re.MULTILINE)


class Plant:
    """A plant in a process of its own, whose clock stands still."""

    def __init__(self, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log
        self.places: dict[str, Any] = {}

    def tell(self, *words: str) -> str:
        """Let it take a mark; what it answers."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return self.hear("done")

    def hear(self, begins: str) -> str:
        """The rest of the next line that begins so."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(begins):
                return line.removeprefix(begins).strip()
        raise SystemExit(f"The plant ended:\n{self.log.read_text(encoding='utf-8')[-3000:]}")

    def at(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def opened(kind: str) -> Iterator[Plant]:
    """A new plant, there until the block ends."""
    with tempfile.TemporaryDirectory(prefix="gemba-pictures-") as place:
        port, log = randrange(*PORTS), Path(place) / "log"  # noqa: S311 (no secret)
        env = {k: v for k, v in os.environ.items() if not k.startswith(("GEMBA_", "DJANGO_"))}
        command = [sys.executable, "-m", "pictures.plant", f"{place}/plant", str(port), kind]
        with log.open("w", encoding="utf-8") as errors:
            process = subprocess.Popen(  # noqa: S603 (our own module)
                command, env={**env, "PYTHONPATH": PROGRAM}, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        plant = Plant(process, port, log)
        try:
            if kind == "demo":
                plant.places = json.loads(plant.hear("places"))
            plant.hear("Gemba serves")
            yield plant
        finally:
            process.terminate()
            process.communicate(timeout=60)


class Studio:
    """The browser, with a page for each person of a plant."""

    def __init__(self, browser: Any, plant: Plant, passwords: Mapping[str, str]) -> None:
        self.browser, self.plant, self.passwords = browser, plant, passwords
        self.pages: dict[str, Any] = {}

    def page_of(self, who: str) -> Any:
        """A page on which this person is signed in."""
        if who in self.pages:
            return self.pages[who]
        context = self.browser.new_context(
            reduced_motion="reduce", locale="en-GB", timezone_id="Europe/Berlin", device_scale_factor=SHARP
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(self.plant.at("/account/login"))
        page.fill("input[name=login]", who)
        page.fill("input[name=password]", self.passwords.get(who, PASSWORD))
        page.click("button.main")
        page.wait_for_load_state()
        self.pages[who] = page
        return page

    def shoot(self, picture: Picture, path: str) -> None:
        """Go where the picture is, and take it."""
        page = self.page_of(picture.who)
        page.set_viewport_size({"width": picture.size[0], "height": picture.size[1]})
        if path:
            page.goto(self.plant.at(path))
        page.wait_for_load_state("load")
        page.get_by_text(picture.shows).first.wait_for(state="attached")
        if picture.opens:
            page.locator(picture.opens).first.click()
            page.locator(picture.part).wait_for()
        for file in take(page, picture, OUT):
            print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB", file=sys.stderr, flush=True)  # noqa: T201


def take_demo(browser: Any, wanted: list[Picture]) -> None:
    """The pictures of the demo plant."""
    with opened("demo") as plant:
        studio = Studio(browser, plant, plant.places["passwords"])
        for picture in wanted:
            studio.shoot(picture, re.sub(r"{([^}]+)}", lambda at: str(plant.places[at[1]]), picture.path))


def take_lessons(browser: Any, wanted: list[Picture]) -> None:
    """The pictures of the lessons, each where its page shows it."""
    by_name = {picture.name: picture for picture in wanted}
    with opened("lesson") as plant:
        studio = Studio(browser, plant, {})
        for page in (PAGE, SEQUEL):
            if page == SEQUEL:
                plant.tell("sequel", "", "", "")
            for found in PLACE.finditer(text(page)):
                if found["name"] is None:
                    plant.tell(found[1], *parts(found[2]))
                elif found["name"] in by_name:
                    picture = by_name[found["name"]]
                    studio.shoot(picture, plant.tell("address", picture.path, "", ""))


def take_files(browser: Any, wanted: list[Picture]) -> None:
    """A file is brought, by mouse; every step of it is photographed."""
    by_name = {picture.name: picture for picture in wanted}
    with opened("lesson") as plant:
        studio = Studio(browser, plant, {})
        page = studio.page_of("eva")

        def shoot(name: str) -> None:
            if name in by_name:
                studio.shoot(by_name[name], by_name[name].path)

        shoot("file-drop")
        page.goto(plant.at("/"))
        page.set_input_files("main input[type=file]", str(FILE))
        page.get_by_role("button", name="Look into it").click()
        page.wait_for_url("**/upload/*")
        shoot("file-read")
        shoot("file-chart")
        page.get_by_role("button", name="Keep watching this").click()
        page.wait_for_url("**/brought/*")
        shoot("file-made")


TAKEN = {"demo": take_demo, "lesson": take_lessons, "file": take_files}


def main(names: list[str]) -> int:
    """Take the pictures that are named, or all."""
    unknown = set(names) - {picture.name for picture in PICTURES}
    if unknown:
        print(f"There is no picture {', '.join(sorted(unknown))}.", file=sys.stderr)  # noqa: T201
        return 2
    began = time.monotonic()
    OUT.mkdir(exist_ok=True)
    chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
    if chromium is None:
        print("Chromium is missing: install it, then try again.", file=sys.stderr)  # noqa: T201
        return 1
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=[*FLAGS, "--hide-scrollbars"])
        for kind, taken in TAKEN.items():
            wanted = [p for p in PICTURES if p.plant == kind and (not names or p.name in names)]
            if wanted:
                taken(browser, wanted)
        browser.close()
    print(f"Taken in {time.monotonic() - began:.0f} s.", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
