"""What each operating system does its own way: locking a folder, knowing a network drive.

This is the one file with calls that only one system has.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import IO

NETWORK_KINDS = {"nfs", "nfs4", "cifs", "smbfs", "smb3", "afpfs", "webdav", "fuse.sshfs", "9p", "drvfs"}
DRIVE_REMOTE = 4


def lock_file(file: IO[bytes]) -> bool:
    """Take the exclusive lock of an open file without waiting; false when somebody else holds it."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
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
