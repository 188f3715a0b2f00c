"""Where the faults happen: a stage under the recorder, and who looks at what is left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.afterwards import Lookers
from faults.recording import Stage, build_recorder


@pytest.fixture(scope="session")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorder below the store, as a shared object."""
    return build_recorder(tmp_path_factory.mktemp("recorder"))


@pytest.fixture(scope="session")
def stage(recorder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Where deeds are done under the recorder."""
    place = tmp_path_factory.mktemp("stage")
    made = Stage(recorder, place, place / "stderr")
    yield made
    made.close()


@pytest.fixture(scope="session")
def lookers() -> Iterator[Lookers]:
    """Who looks at what the next start finds."""
    made = Lookers()
    yield made
    made.close()


@pytest.fixture(scope="session")
def seeded(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plant in which something has happened, ready to be copied."""
    return _kept(stage, tmp_path_factory.mktemp("seeded") / "plant", "seed", None)


@pytest.fixture(scope="session")
def aged(stage: Stage, seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same plant as an older version left it."""
    return _kept(stage, tmp_path_factory.mktemp("aged") / "plant", "age", seeded)


def _kept(stage: Stage, place: Path, deed: str, files: Path | None) -> Path:
    stage.lay(files)
    done = stage.do(deed, place.with_name("log"))
    assert done.code == 0, done.said
    shutil.copytree(stage.folder, place)
    return place
