"""Files that are refused: what a file is by its bytes, whether its name and its bytes agree, what it hides.

Pure: bytes and a name in, a kind and every reason out. Nothing here parses deeply or runs anything. What has
to be unpacked or searched to be judged is judged by ``judge_apart``, in a process of its own.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gemba.quality.records.apart.asking import Bounds, answer_of
from gemba.quality.records.pictures import pixels
from gemba.quality.records.reasons import Reason
from gemba.stats.results import N_

MOST_BYTES = 25 * 2**20
MOST_UNPACKED = 200 * 2**20
MOST_ENTRIES = 2000
MOST_RATIO = 200
MOST_PIXELS = 200_000_000
DEEPEST = 1000
LONGEST_NAME = 150
SMALL = 64 * 2**10
"""Bytes of a text or a picture that are judged at once."""
BOUNDS = Bounds(memory=512 * 2**20, seconds=20)

HOSTILE: Mapping[str, str] = {
    "files.empty": N_("The file is empty."),
    "files.too_big": N_("The file has more than {limit} MB."),
    "files.name_missing": N_("The file has no name."),
    "files.name_long": N_("The name of the file has more than {limit} characters."),
    "files.name_path": N_('The name of the file must not hold a path or one of / \\ : * ? " < > |'),
    "files.name_hidden": N_("The name of the file holds characters that cannot be seen or turn the text."),
    "files.name_reserved": N_("The name '{name}' is reserved by an operating system."),
    "files.name_ends": N_("The name of the file must not begin or end with a point or a space."),
    "files.two_kinds": N_("The name of the file shows two kinds ('{first}' and '{last}'); keep the last."),
    "files.kind_unknown": N_("Files of the kind '{suffix}' are not kept. Kinds that are: {known}."),
    "files.kind_mismatch": N_("The file is called '{suffix}', but its content is not of that kind."),
    "files.program": N_("The file is a program."),
    "files.markup": N_("The file holds markup or script that a browser would run. Save it as PDF."),
    "files.old_office": N_("Old Office files can hide programs. Save it as .xlsx, .docx, .pptx or PDF."),
    "files.macros": N_("The file holds macros or embedded programs. Save it without them."),
    "files.packed_damaged": N_("The packed parts of the file are damaged."),
    "files.packed_many": N_("The file has more than {limit} packed parts."),
    "files.packed_big": N_("The file has more than {limit} MB when it is unpacked."),
    "files.packed_tight": N_("The file is packed so tightly that unpacking it is dangerous."),
    "files.packed_overlap": N_("Packed parts of the file lie in one another or share a name."),
    "files.packed_outside": N_("Packed parts of the file lead outside of it."),
    "files.packed_locked": N_("The file is locked with a password. Save it without one."),
    "files.packed_nested": N_("The file holds archives. Attach what is in them one by one."),
    "files.pixels": N_(
        "The picture claims {count} million pixels; at most {limit} are kept. Save it smaller."
    ),
    "files.xml_declares": N_(
        "The XML file declares a document type or entities, which may lead elsewhere. Save it without."
    ),
    "files.xml_deep": N_("The XML file nests more than {limit} elements in one another."),
    "files.damaged": N_("The file '{name}' is not as it was kept. Tell the system administrator."),
    "files.active_pdf": N_("The PDF holds a script or starts a program. Print it to a new PDF."),
}

MEDIA: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "txt": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "md": "text/markdown",
    "log": "text/plain",
    "xml": "application/xml",
    "dfq": "text/plain",
    "dfd": "text/plain",
    "dfx": "text/plain",
    "stp": "model/step",
    "step": "model/step",
    "dxf": "image/vnd.dxf",
}
"""Suffix -> the kind that is told when the file is handed out."""
TEXTS = frozenset(
    {"txt", "csv", "tsv", "json", "md", "log", "xml", "dfq", "dfd", "dfx", "stp", "step", "dxf"}
)
ALIKE: Mapping[str, str] = {"jpeg": "jpg", "tiff": "tif"}
_RUNS = """
exe com dll scr cpl msi msp bat cmd ps1 psm1 vbs vbe js jse mjs ts wsf wsh hta jar class sh bash py pyc rb pl
php phtml asp aspx jsp cgi lnk url reg inf iso img vhd app dmg pkg deb rpm apk so dylib svg svgz html htm
xhtml shtml mht mhtml xht xslt xsl swf xlsm xltm xlam xlsb docm dotm pptm potm ppam ppsm doc xls ppt rtf chm
hlp scf zip rar 7z gz tar cab ace
"""
RUNS = frozenset(_RUNS.split())
"""Suffixes of what runs, is run by a browser, or hides something; never one of two."""
RESERVED = re.compile(
    r"(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE
)
_FORBIDDEN = set('/\\:*?"<>|')
_SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "pdf"),
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"\xff\xd8\xff", 0, "jpg"),
    (b"GIF87a", 0, "gif"),
    (b"GIF89a", 0, "gif"),
    (b"WEBP", 8, "webp"),
    (b"II*\x00", 0, "tif"),
    (b"MM\x00*", 0, "tif"),
    (b"BM", 0, "bmp"),
    (b"ftypqt  ", 4, "mov"),
    (b"ftyp", 4, "mp4"),
)
_PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"#!", b"L\x00\x00\x00\x01\x14\x02\x00", b"dex\n", b"\x00asm",
)  # fmt: skip
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MARKUP = re.compile(
    r"<\s*(!doctype\s+html|html|head|body|script|svg|iframe|object|embed|frameset|meta|link|base|form|img|"
    r"video|audio|style|xsl:|\?xml-stylesheet|!entity|[a-z]+:(script|html|svg)\b)|javascript:|vbscript:",
    re.IGNORECASE,
)
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|RichMedia|GoToE|ImportData)\b")
_TAG = re.compile(rb"<(/?)[A-Za-z_][^<>]*?(/?)>")
_INFLATED_AT_ONCE = 2**20
_ACTIVE_PARTS = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|embeddings/.*\.(bin|exe|js|vbs)$|^basic/|^scripts/|"
    r"^object |\.(exe|dll|js|vbs|bat|cmd|ps1|hta|jar|scr)$|customui/",
    re.IGNORECASE,
)
_UNSAFE = frozenset({"files.packed_many", "files.packed_big", "files.packed_tight", "files.packed_overlap",
                     "files.packed_locked"})  # fmt: skip
_BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, EOFError, OverflowError,
           RuntimeError)  # fmt: skip
_PARTS: Mapping[str, str] = {
    "xl/workbook.xml": "xlsx",
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
}


@dataclass(frozen=True)
class Judged:
    """What a file was found to be: its clean name, the kind by its bytes, and every reason against it."""

    name: str
    media: str
    reasons: tuple[Reason, ...]


def judge_file(name: str, content: bytes) -> Judged:
    """Look at the name and the bytes of a file that somebody wants to keep.

    The kind comes from the content; the name must agree with it.
    """
    clean = unicodedata.normalize("NFC", name)
    suffix = clean.rpartition(".")[2].lower() if "." in clean else ""
    reasons = [*_faults_of_name(clean, suffix), *_faults_of_content(suffix, content)]
    return Judged(clean, MEDIA.get(suffix, "application/octet-stream"), tuple(reasons))


def judge_apart(name: str, content: bytes) -> Judged:
    """The same judgement; what is large, packed or a PDF is looked at in a process of its own."""
    packed = content.startswith((*_ARCHIVES, b"%PDF-"))
    if len(content) > MOST_BYTES or (len(content) <= SMALL and not packed):
        return judge_file(name, content)
    found = answer_of(f"{__name__}:judged", {"name": name}, content=content, bounds=BOUNDS)
    reasons = tuple(Reason(**reason) for reason in found["reasons"])
    return Judged(found["name"], found["media"], reasons)


def judged(asked: Mapping[str, Any], content: bytes) -> Iterator[dict[str, Any]]:
    """The task of the child."""
    found = judge_file(asked["name"], content)
    reasons = [reason.to_dict() for reason in found.reasons]
    yield {"name": found.name, "media": found.media, "reasons": reasons}


def _faults_of_name(name: str, suffix: str) -> Iterator[Reason]:
    if not name.strip():
        yield Reason("files.name_missing")
        return
    if len(name) > LONGEST_NAME or len(name.encode("utf-8", "replace")) > 255:
        yield Reason("files.name_long", {"limit": LONGEST_NAME})
    if _FORBIDDEN & set(name) or ".." in name:
        yield Reason("files.name_path")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for letter in name):
        yield Reason("files.name_hidden")
    if name.strip(". ") != name:
        yield Reason("files.name_ends")
    if RESERVED.fullmatch(name.strip()):
        yield Reason("files.name_reserved", {"name": name})
    if suffix not in MEDIA:
        yield Reason("files.kind_unknown", {"suffix": suffix, "known": ", ".join(sorted(MEDIA))})
    for inner in name.lower().split(".")[1:-1]:
        if inner.strip() in RUNS or inner.strip() in MEDIA:
            yield Reason("files.two_kinds", {"first": inner.strip(), "last": suffix})
            break


def _faults_of_content(suffix: str, content: bytes) -> Iterator[Reason]:
    if not content:
        yield Reason("files.empty")
        return
    if len(content) > MOST_BYTES:
        yield Reason("files.too_big", {"limit": MOST_BYTES // 2**20})
        return
    if content.startswith(_PROGRAMS):
        yield Reason("files.program")
    elif content.startswith(_OLD_OFFICE):
        yield Reason("files.old_office")
    elif content.startswith(_ARCHIVES):
        yield from _faults_of_archive(suffix, content)
    elif (found := _signature(content)) is not None:
        if found == "pdf" and _ACTIVE_PDF.search(_plain_names(content)):
            yield Reason("files.active_pdf")
        if ALIKE.get(suffix, suffix) != found:
            yield Reason("files.kind_mismatch", {"suffix": suffix})
        if (count := pixels(found, content)) > MOST_PIXELS:
            limit = MOST_PIXELS // 10**6
            yield Reason("files.pixels", {"count": count // 10**6, "limit": limit})
    else:
        yield from _faults_of_text(suffix, content)


def _signature(content: bytes) -> str | None:
    for mark, place, kind in _SIGNATURES:
        if content[place : place + len(mark)] == mark:
            return kind
    return None


def _plain_names(content: bytes) -> bytes:
    """The bytes of a PDF without its streams, names written plainly: ``/J#61vaScript`` is ``/JavaScript``."""
    outside, place = [], 0
    while (start := content.find(b"stream", place)) >= 0:
        end = content.find(b"endstream", start + 6)
        if end < 0:
            break
        outside.append(content[place:start])
        place = end + 9
    outside.append(content[place:])
    found = b" ".join(outside)
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), found)


def _faults_of_text(suffix: str, content: bytes) -> Iterator[Reason]:
    text = _decoded(content)
    if text is not None and _MARKUP.search(text):
        yield Reason("files.markup")
    if suffix == "xml":
        yield from _faults_of_xml(content.replace(b"\x00", b""))
    if text is None or suffix not in TEXTS:
        yield Reason("files.kind_mismatch", {"suffix": suffix})


def _faults_of_xml(content: bytes) -> Iterator[Reason]:
    if re.search(rb"<!\s*(doctype|entity)", content, re.IGNORECASE):
        yield Reason("files.xml_declares")
    depth = 0
    for tag in _TAG.finditer(content):
        depth += 0 if tag[2] else -1 if tag[1] else 1
        if depth > DEEPEST:
            yield Reason("files.xml_deep", {"limit": DEEPEST})
            return


def _decoded(content: bytes) -> str | None:
    """The text of a text file in one of the usual codings, or ``None`` when it is no text."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for coding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        hidden = any(ord(letter) < 32 and letter not in "\t\n\r\f\x1a" for letter in text)
        return None if hidden else text
    return None


def _faults_of_archive(suffix: str, content: bytes) -> Iterator[Reason]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            faults = list(_faults_of_parts(entries, len(content)))
            yield from faults
            if any(reason.code in _UNSAFE for reason in faults):
                return
            _unpack(archive)
    except _BROKEN:
        yield Reason("files.packed_damaged")
        return
    names = [entry.filename for entry in entries]
    if any(_ACTIVE_PARTS.search(name) for name in names):
        yield Reason("files.macros")
    if suffix not in ("xlsx", "docx", "pptx", "ods", "odt") or _office_kind(names, content) != suffix:
        yield Reason("files.kind_mismatch", {"suffix": suffix})


def _unpack(archive: zipfile.ZipFile) -> None:
    """Unpack every part and throw it away: one that is not as large as it says raises."""
    for entry in archive.infolist():
        with archive.open(entry) as part:
            while part.read(_INFLATED_AT_ONCE):
                pass


def _faults_of_parts(entries: list[zipfile.ZipInfo], size: int) -> Iterator[Reason]:
    """What makes unpacking dangerous, by the sizes that the archive declares and the places it names."""
    if len(entries) > MOST_ENTRIES:
        yield Reason("files.packed_many", {"limit": MOST_ENTRIES})
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED:
        yield Reason("files.packed_big", {"limit": MOST_UNPACKED // 2**20})
    if unpacked > MOST_RATIO * size:
        yield Reason("files.packed_tight")
    spans = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries)
    overlap = any(one[1] > two[0] for one, two in pairwise(spans)) or any(end > size for _, end in spans)
    if overlap or len({entry.filename.lower() for entry in entries}) < len(entries):
        yield Reason("files.packed_overlap")
    if any(_leads_outside(entry) for entry in entries):
        yield Reason("files.packed_outside")
    if any(entry.flag_bits & 1 for entry in entries):
        yield Reason("files.packed_locked")
    if any(entry.filename.lower().endswith((".zip", ".gz", ".7z", ".rar")) for entry in entries):
        yield Reason("files.packed_nested")


def _leads_outside(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.replace("\\", "/")
    link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return link or ".." in name.split("/") or name.startswith("/") or ":" in name


def _office_kind(names: list[str], content: bytes) -> str:
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _PARTS.items() if part in names), "")
    head = content[30:120]
    for kind in ("ods", "odt"):
        if head.startswith(b"mimetype" + MEDIA[kind].encode()):
            return kind
    return ""
