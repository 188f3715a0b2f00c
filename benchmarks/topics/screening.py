"""Thousands of streams at once: from memory, and from Parquet files that are larger than a cache."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from harness import Line, Sheet

from gemba import stats as gs

ROWS, COLUMNS = 2_000, 5_000
BY_ONE = 50  # columns judged one by one, and reckoned up to all
STREAMS, LENGTH, FILES = 10_000, 10_000, 20
SPECS = gs.Tolerance.of(8.5, 11.5)


def sheets() -> list[Sheet]:
    return [from_memory(), from_parquet()]


def from_memory() -> Sheet:
    values = np.random.default_rng(1).normal(10.0, 0.3, (ROWS, COLUMNS))
    screened = {engine: partial(screen, values, engine) for engine in ("numpy", "fast")}
    same(*(work() for work in screened.values()))
    plain, fast = (timed(work)[1] for work in screened.values())
    lines = (
        Line("gemba, fast", fast, fast),
        Line("gemba, NumPy", plain, fast),
        Line("np.sum of the values", timed(partial(np.sum, values))[1], fast),
        Line("pandas", timed(partial(in_pandas, values))[1], fast, "moments, moving ranges, Cpk; no rule"),
        Line("gs.capability, column by column", one_by_one(values), fast, f"{BY_ONE} columns, reckoned up"),
    )
    return Sheet(
        f"{COLUMNS:,} columns of {ROWS:,} rows: statistics, capability, 8 rules; processor time", 0.3, lines
    )


def screen(values: Any, engine: Any) -> gs.Screening:
    return gs.screen(values, specs=SPECS, rules=gs.NELSON, engine=engine)


def same(plain: gs.Screening, fast: gs.Screening) -> None:
    np.testing.assert_allclose(fast.cpk, plain.cpk, rtol=1e-9)
    for one, other in zip(plain.fired, fast.fired, strict=True):
        np.testing.assert_array_equal(one, other)


def in_pandas(values: np.ndarray) -> Any:
    """What everyone writes: no rule, no shift, no ranking."""
    import pandas as pd

    frame = pd.DataFrame(values)
    mean, sigma = frame.mean(), frame.diff().abs().mean() / 1.128
    cpk = np.minimum(11.5 - mean, mean - 8.5) / (3 * sigma)
    beyond = ((frame - mean).abs() > 3 * sigma).sum()
    return frame.std(), frame.min(), frame.max(), cpk, beyond


def one_by_one(values: np.ndarray) -> float:
    work = [np.ascontiguousarray(values[:, place]) for place in range(BY_ONE)]
    judge = partial(gs.capability, lsl=8.5, usl=11.5, rules=gs.NELSON)
    return timed(lambda: [judge(column) for column in work])[1] * COLUMNS / BY_ONE


def from_parquet() -> Sheet:
    with files() as folder:
        pattern = str(folder / "*.parquet")
        screened = partial(
            gs.screen,
            pattern,
            value="value",
            stream="stream",
            specs=SPECS,
            size=5,
            rules=gs.NELSON,
            engine="fast",
        )
        ours, cpu = timed(screened)
        single, single_cpu = timed(partial(screened, size=1))
        read, read_cpu = timed(partial(only_read, folder))
        grouped, grouped_cpu = timed(partial(grouped_by_arrow, folder))
    load = os.getloadavg()[0]
    lines = (
        Line("gemba, fast, subgroups of 5", ours, ours, f"{cpu:.2f} s of processor; load {load:.1f}"),
        Line("gemba, fast, single values", single, ours, f"{single_cpu:.2f} s of processor"),
        Line(
            "pyarrow: read both columns", read, ours, f"{read_cpu:.2f} s of processor; the least it can take"
        ),
        Line(
            "pyarrow: read and group", grouped, ours, f"{grouped_cpu:.2f} s of processor; no limits, no rules"
        ),
    )
    return Sheet(f"Parquet, {STREAMS * LENGTH:,} rows of {STREAMS:,} streams, two cores", 1.0, lines)


def timed(work: Any) -> tuple[float, float]:
    """Seconds by the clock and of the processor, each the better of two runs."""
    runs = []
    for _ in range(2):
        start, used = time.perf_counter(), time.process_time()
        work()
        runs.append((time.perf_counter() - start, time.process_time() - used))
    clock, processor = zip(*runs, strict=True)
    return min(clock), min(processor)


@contextmanager
def files() -> Iterator[Path]:
    """Sorted by stream, in files of a twentieth each; deleted afterwards."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    noise = np.random.default_rng(2)
    each = STREAMS // FILES
    with tempfile.TemporaryDirectory() as folder:
        for place in range(FILES):
            stream = np.repeat(np.arange(place * each, (place + 1) * each, dtype=np.int32), LENGTH)
            value = np.round(noise.normal(10.0, 0.3, each * LENGTH), 3)
            table = pa.table({"stream": stream, "value": value})
            pq.write_table(
                table, Path(folder) / f"{place:02}.parquet", compression="zstd", row_group_size=1_000_000
            )
        yield Path(folder)


def only_read(folder: Path) -> None:
    import pyarrow.parquet as pq

    for path in sorted(folder.glob("*.parquet")):
        pq.read_table(path, columns=["stream", "value"])


def grouped_by_arrow(folder: Path) -> None:
    import pyarrow.parquet as pq

    for path in sorted(folder.glob("*.parquet")):
        wanted = [("value", name) for name in ("count", "mean", "stddev", "min", "max")]
        pq.read_table(path).group_by("stream").aggregate(wanted)
