"""A door for commands on the plant's own machine: whoever may read its keys may ask, and nobody else.

The door is a socket in the folder of the keys, or a port of loopback where the system has none. Both sides
prove by a secret of that folder, new at each start, that they may read it. Questions and answers are JSON.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any, TypeAlias

_log = logging.getLogger("gemba.local")
NAME = "door.json"
LONGEST_PATH = 100
LONGEST_QUESTION = 2**20
Answerer: TypeAlias = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""From the name of a command and what is asked to a plain answer; says itself what it refuses."""


class LocalDoor:
    """Listens until it is closed; one question at a time."""

    def __init__(self, keys: Path, answerer: Answerer) -> None:
        self._keys, self._answerer = keys, answerer
        self._secret = secrets.token_bytes(32)
        self._listener = Listener(self._address(), authkey=self._secret)
        self._closing = False
        self._thread = threading.Thread(target=self._listen, name="gemba-door", daemon=True)

    def open(self) -> None:
        """Tell the folder where the door is, and begin to listen."""
        about = {"address": self._listener.address, "secret": self._secret.hex()}
        file = self._keys / NAME
        file.unlink(missing_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            json.dump(about, opened)
        self._thread.start()

    def close(self) -> None:
        """Shut the door; an answer under way is still given."""
        self._closing = True
        (self._keys / NAME).unlink(missing_ok=True)
        try:
            Client(self._listener.address).close()  # wakes whoever listens; proves nothing, waits for nothing
        except OSError:
            _log.debug("the door was shut already")
        self._thread.join(20)
        self._listener.close()

    def _address(self) -> Any:
        place = self._keys / "door.socket"
        if sys.platform == "win32" or len(str(place)) > LONGEST_PATH:
            return ("127.0.0.1", 0)
        place.unlink(missing_ok=True)
        return str(place)

    def _listen(self) -> None:
        while True:
            try:
                with self._listener.accept() as line:
                    self._answer(line)
            except (OSError, EOFError, ValueError, KeyError, AuthenticationError):
                if self._closing:
                    return
                _log.warning("somebody knocked at the local door and could not prove who it was")

    def _answer(self, line: Connection) -> None:
        asked = json.loads(line.recv_bytes(LONGEST_QUESTION))
        try:
            answer = self._answerer(asked["command"], asked["asked"])
        except Exception as fault:
            _log.exception("a command at the local door failed")
            answer = {"fault": f"{type(fault).__name__}: {fault}"}
        line.send_bytes(json.dumps(answer, default=str).encode())


def is_open(keys: Path) -> bool:
    """Whether a serving plant says that it has a door."""
    return (keys / NAME).is_file()


def ask_door(keys: Path, command: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a serving plant answers to a command; ``None`` where no door is open."""
    try:
        about = json.loads((keys / NAME).read_text(encoding="utf-8"))
        address = about["address"]
        place = address if isinstance(address, str) else tuple(address)
        with Client(place, authkey=bytes.fromhex(about["secret"])) as line:
            line.send_bytes(json.dumps({"command": command, "asked": asked}).encode())
            answer: dict[str, Any] = json.loads(line.recv_bytes())
            return answer
    except (OSError, ValueError, KeyError, EOFError, AuthenticationError):
        return None
