"""The product runs on Linux, macOS and Windows."""

from __future__ import annotations

import ast

import pytest

from walls.tree import dotted, files, imported, text

POSIX_MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "posix", "syslog"}
POSIX_NAMES = {
    *("os.fork", "os.forkpty", "os.kill", "os.killpg", "os.setsid", "os.getuid", "os.geteuid", "os.getgid"),
    *("os.mkfifo", "os.chown", "os.nice", "os.uname", "os.pread", "os.pwrite", "os.sched_getaffinity"),
    *("os.wait", "os.WIFEXITED", "os.getloadavg", "os.register_at_fork", "os.posix_fallocate"),
    *("signal.SIGKILL", "signal.SIGHUP", "signal.SIGALRM", "signal.SIGUSR1", "signal.SIGUSR2"),
    *("signal.alarm", "signal.setitimer", "signal.pause", "time.tzset"),
}
SYSTEM_FILE = "src/gemba/quality/records/store/platform.py"  # the one that may
TEXT_METHODS = {"read_text": 0, "write_text": 1}  # and how many arguments stand before the encoding


def posix_only(tree: ast.AST) -> list[str]:
    """What of a module exists on POSIX systems only."""
    modules = [f"line {line}: {name}" for line, name in imported(tree) if name.split(".")[0] in POSIX_MODULES]
    names = [
        f"line {node.lineno}: {dotted(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and dotted(node) in POSIX_NAMES
    ]
    return modules + names


def without_encoding(tree: ast.AST) -> list[str]:
    """The text files that a module opens in whatever encoding the system happens to have."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or "encoding" in {word.arg for word in node.keywords}:
            continue
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        positional = TEXT_METHODS.get(method)
        bare = positional is not None and len(node.args) <= positional
        if bare or (dotted(node.func) == "open" and not _is_binary(node)):
            found.append(f"line {node.lineno}: {method or 'open'}")
    return found


def _is_binary(call: ast.Call) -> bool:
    modes = [*call.args[1:2], *(word.value for word in call.keywords if word.arg == "mode")]
    return any(isinstance(mode, ast.Constant) and "b" in str(mode.value) for mode in modes)


def test_no_call_that_only_posix_has() -> None:
    product = [path for path in files(".py") if path.parts[0] in {"src", "bin"}]
    found = {str(p): posix_only(ast.parse(text(p))) for p in product if p.as_posix() != SYSTEM_FILE}
    assert {path: calls for path, calls in found.items() if calls} == {}


def test_no_text_is_read_or_written_in_the_encoding_of_the_machine() -> None:
    found = {str(path): without_encoding(ast.parse(text(path))) for path in files(".py")}
    assert {path: calls for path, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    "planted", ["import fcntl", "from pwd import getpwnam", "import os\nos.fork()", "signal.SIGKILL"]
)
def test_a_planted_posix_call_is_seen(planted: str) -> None:
    assert len(posix_only(ast.parse(planted))) == 1


@pytest.mark.parametrize("planted", ["open(p)", "open(p, 'w')", "path.read_text()", "path.write_text(x)"])
def test_a_planted_text_file_without_encoding_is_seen(planted: str) -> None:
    assert len(without_encoding(ast.parse(planted))) == 1


@pytest.mark.parametrize("fine", ["open(p, 'rb')", "open(p, mode='wb')", "p.read_text(encoding='utf-8')"])
def test_binary_files_and_stated_encodings_are_fine(fine: str) -> None:
    assert without_encoding(ast.parse(fine)) == []
