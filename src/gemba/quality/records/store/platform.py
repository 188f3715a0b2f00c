"""What each operating system does its own way: locking a folder, knowing a network drive, bounding a process.

This is the one file with calls that only one system has.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from pathlib import Path
from typing import IO

NETWORK_KINDS = {"nfs", "nfs4", "cifs", "smbfs", "smb3", "afpfs", "webdav", "fuse.sshfs", "9p", "drvfs"}
DRIVE_REMOTE = 4
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
SHARERS = 32


def lock_file(file: IO[bytes], *, shared: bool = False) -> bool:
    """Take the lock of an open file without waiting; false when somebody else holds it.

    ``shared``: beside others who share it; it keeps only those out who want it alone.
    """
    if sys.platform == "win32":
        import msvcrt

        for place in range(SHARERS) if shared else (0,):
            file.seek(place)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1 if shared else SHARERS)
            except OSError:
                continue
            return True
        return False
    import fcntl

    try:
        fcntl.flock(file.fileno(), (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sync_file(file: Path) -> None:
    """Make the content of a finished file durable."""
    with file.open("r+b" if sys.platform == "win32" else "rb") as opened:
        os.fsync(opened.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable; on Windows they are with the files."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make everything in a folder durable: contents and names."""
    for path in folder.rglob("*"):
        if path.is_file():
            sync_file(path)
        else:
            sync_folder(path)
    sync_folder(folder)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, with those above it, whose names are durable; nothing happens when it is there."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(exist_ok=True, mode=mode)
        sync_folder(place.parent)


def write_new(file: Path, text: str) -> None:
    """Write a small secret file that is there whole or not at all, readable by its owner only.

    Raises
    ------
    FileExistsError
        When it is there already.
    """
    unfinished = file.with_name(f".{file.name}-{os.getpid()}-{threading.get_ident()}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(unfinished, file)
    finally:
        unfinished.unlink()
    sync_folder(file.parent)


def network_kind(folder: Path) -> str | None:
    """The kind of network drive that a folder is on, or ``None`` on a drive of this machine."""
    if sys.platform == "win32":
        drive = Path(folder).resolve().anchor
        return "network drive" if ctypes.windll.kernel32.GetDriveTypeW(drive) == DRIVE_REMOTE else None
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return None
    path, best, kind = os.path.realpath(folder), "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        point, system = line.split(" ")[1:3]
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, system
    return kind if kind in NETWORK_KINDS else None


def bound_process(*, memory: int, seconds: int) -> None:
    """Bound this process for good: bytes of memory, seconds of computing, no file written, no core.

    Windows has no such call; there the parent's clock is the bound.
    """
    if sys.platform == "win32":
        return
    import resource

    kinds = (resource.RLIMIT_DATA, memory), (resource.RLIMIT_AS, memory + 2**30)
    for kind, most in (*kinds, (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def leave_network() -> bool:
    """Move this process to a network of its own without a way out; false where the system does not let us."""
    if not sys.platform.startswith("linux"):
        return False
    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    return unshare is not None and any(unshare(kind) == 0 for kind in (NEW_USER | NEW_NETWORK, NEW_NETWORK))


def ended_by(*signals: str) -> frozenset[int]:
    """The exit codes of a process that ended by one of these signals, where the system has them."""
    return frozenset(-int(getattr(signal, name)) for name in signals if hasattr(signal, name))
