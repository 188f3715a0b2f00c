"""What is installed: versions, platform, and a digest of the program itself."""

from __future__ import annotations

import hashlib
import platform
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from importlib import metadata, resources
from importlib.resources.abc import Traversable

from gemba.stats.proof.case import Quantity
from gemba.stats.proof.check import Check, check_item

LIBRARIES = (
    *("numpy", "scipy", "narwhals", "python-calamine", "pyarrow", "vl-convert-python", "typst"),
    *("cryptography", "numba"),
)


def library_versions() -> dict[str, str]:
    """The libraries that can change a figure, with their versions; what is not installed is left out."""
    found: dict[str, str] = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def platform_words() -> str:
    """Python, system and processor in one line."""
    return f"Python {platform.python_version()}, {platform.platform()}, {platform.machine()}"


def program_digest(program: Traversable | None = None) -> str:
    """SHA-256 over the path and content of every file of the installed program, in order of their paths."""
    whole = hashlib.sha256()
    for path, file in sorted(_files(program or resources.files("gemba"), "")):
        content = file.read_bytes()
        whole.update(f"{path}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def _files(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for item in folder.iterdir():
        path = f"{prefix}{item.name}"
        if item.is_dir():
            if item.name != "__pycache__":
                found += _files(item, f"{path}/")
        elif not item.name.endswith((".pyc", ".pyo")):
            found.append((path, item))
    return found


def check_files(packed: Sequence[metadata.PackagePath] | None = None) -> tuple[Check, ...]:
    """Whether every installed file is as it was packed; nothing where the program runs from its sources."""
    found = metadata.files("gemba") if packed is None else packed
    files = [file for file in found or () if file.hash is not None and file.parts[0] == "gemba"]
    if not files:
        return ()
    source = "the record of the installed package: a SHA-256 for each file, written when it was packed"
    return (
        check_item("installation-files", "installation", "installation", source, lambda: _compared(files)),
    )


def _compared(files: Sequence[metadata.PackagePath]) -> list[Quantity]:
    """How many files are as they were packed, and each that is not."""
    wrong: list[Quantity] = []
    for file in files:
        packed, found = "" if file.hash is None else file.hash.value, _digest(file)
        if packed != found:
            wrong.append(Quantity(str(file), packed, found, passed=False))
    right = len(files) - len(wrong)
    whole = Quantity("files as packed", float(len(files)), float(right), not wrong, len(wrong) / len(files))
    return [whole, *wrong]


def _digest(file: metadata.PackagePath) -> str | None:
    """The digest as packages write it, or nothing for a file that is gone."""
    try:
        content = file.read_binary()
    except OSError:
        return None
    return urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
