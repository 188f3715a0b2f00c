"""How many pixels a picture says that it has, read from its first bytes; nothing is unpacked."""

from __future__ import annotations

import struct

START_OF_FRAME = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
MOST_MARKS = 1000


def pixels(kind: str, content: bytes) -> int:
    """Width times height as the picture declares them; 0 where it does not say it at the usual place."""
    reader = {"png": _png, "gif": _gif, "bmp": _bmp, "jpg": _jpg, "webp": _webp, "tif": _tif}.get(kind)
    try:
        return 0 if reader is None else abs(reader(content))
    except (struct.error, IndexError):
        return 0


def _png(content: bytes) -> int:
    width, height = struct.unpack_from(">II", content, 16)
    return int(width * height)


def _gif(content: bytes) -> int:
    width, height = struct.unpack_from("<HH", content, 6)
    return int(width * height)


def _bmp(content: bytes) -> int:
    width, height = struct.unpack_from("<ii", content, 18)
    return int(width * height)


def _jpg(content: bytes) -> int:
    place = 2
    for _ in range(MOST_MARKS):
        mark, length = struct.unpack_from(">xBH", content, place)
        if mark in START_OF_FRAME:
            height, width = struct.unpack_from(">HH", content, place + 5)
            return int(width * height)
        place += 2 + length
    return 0


def _webp(content: bytes) -> int:
    kind = content[12:16]
    if kind == b"VP8X":
        return (1 + int.from_bytes(content[24:27], "little")) * (1 + int.from_bytes(content[27:30], "little"))
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", content, 21)
        return int(((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1))
    width, height = struct.unpack_from("<HH", content, 26)
    return int((width & 0x3FFF) * (height & 0x3FFF))


def _tif(content: bytes) -> int:
    order = "<" if content.startswith(b"II") else ">"
    (place,) = struct.unpack_from(f"{order}I", content, 4)
    (count,) = struct.unpack_from(f"{order}H", content, place)
    found = {}
    for number in range(count):
        tag, kind, _, value = struct.unpack_from(f"{order}HHII", content, place + 2 + 12 * number)
        short = kind == 3 and order == ">"
        found[tag] = value >> 16 if short else value
    return int(found.get(256, 0) * found.get(257, 0))
