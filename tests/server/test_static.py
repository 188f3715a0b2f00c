"""The bundle that draws figures is made once for each version of its library."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from gemba.server.web import static


def test_the_bundle_is_made_once_and_again_for_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def bundle() -> str:
        made.append("once")
        return "var vega;"

    monkeypatch.setattr(static, "browser_script", bundle)
    static.make_static(tmp_path)
    static.make_static(tmp_path)
    assert len(made) == 1
    script = tmp_path / "gemba" / "vega.js"
    assert script.read_text(encoding="utf-8").endswith("\nvar vega;")
    monkeypatch.setattr(static, "version", lambda _name: "0.0.1")
    static.make_static(tmp_path)
    assert script.read_text(encoding="utf-8") == "// vl-convert-python 0.0.1\nvar vega;"


def test_what_a_killed_start_left_behind_is_not_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = f"// vl-convert-python {version('vl-convert-python')}\nvar vega;"
    monkeypatch.setattr(static, "browser_script", lambda: "var vega;")
    (tmp_path / "gemba").mkdir()
    (tmp_path / "gemba" / "vega.js.1").write_text(whole[:9], encoding="utf-8")
    static.make_static(tmp_path)
    assert (tmp_path / "gemba" / "vega.js").read_text(encoding="utf-8") == whole
