import subprocess
import sys

import pytest

from gemba import stats as gs


@pytest.mark.parametrize("name", gs.__all__)
def test_every_public_name_is_there_and_listed(name: str) -> None:
    assert getattr(gs, name) is not None
    assert name in dir(gs)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = gs.no_such_name


def test_a_stored_result_comes_back_in_a_process_that_has_made_none() -> None:
    stored = gs.pareto({"defect": ["a", "b", "a"]}, category="defect").to_json()
    code = "import json, sys; from gemba import stats as gs; print(gs.restore(json.load(sys.stdin)).NAME)"
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", code], input=stored, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "pareto"


def test_capability_stays_the_function_whatever_was_imported_before() -> None:
    code = (
        "import gemba.stats.capability.study, gemba.stats.readers; "
        "from gemba import stats as gs; print(callable(gs.capability), callable(gs.read))"
    )
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "True"]
