"""What is installed: versions, platform, and a digest of the program itself."""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata, resources
from importlib.resources.abc import Traversable

LIBRARIES = ("numpy", "scipy", "narwhals", "python-calamine", "pyarrow", "vl-convert-python", "typst")


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
