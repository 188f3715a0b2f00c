"""From a Parquet file to columns, by pyarrow."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from gemba.stats.readers.grid import Cells, ColumnarGrid
from gemba.stats.readers.guard import Limits, too_large
from gemba.stats.results import N_, DataError, require, sealed

BYTES_A_VALUE = 40
"""How many bytes a value may take in the mean: a number takes 8, a serial number 20."""


def read_parquet(data: bytes, limits: Limits) -> ColumnarGrid:
    """The columns of a Parquet file; its declared size is judged before it is decoded.

    Raises
    ------
    DataError
        For a damaged file, or one with too many values.
    """
    library = require("pyarrow.parquet", extra="files", purpose=N_("Reading a Parquet file"))
    arrow = require("pyarrow", extra="files", purpose=N_("Reading a Parquet file"))
    try:
        file = library.ParquetFile(io.BytesIO(data))
        values = file.metadata.num_rows * file.metadata.num_columns
        if values > limits.values:
            raise too_large(
                N_("the file holds {value} values; at most {limit} are read"), values, "values", limits
            )
        groups = (file.metadata.row_group(index) for index in range(file.metadata.num_row_groups))
        unpacked = sum(group.total_byte_size for group in groups)
        if unpacked > limits.values * BYTES_A_VALUE:
            raise too_large(
                N_("the file unpacks to {value} bytes; at most {limit} values are read"),
                unpacked,
                "values",
                limits,
            )
        table = file.read()
    except (arrow.ArrowException, OSError) as error:
        raise DataError(
            N_("the Parquet file is damaged or was cut off"),
            mend=N_("Copy or export the file again"),
            argument="source",
        ) from error
    columns = tuple(_cells(table.column(index), arrow) for index in range(table.num_columns))
    names = tuple(str(name) for name in table.column_names)
    return ColumnarGrid(rows=(), first_row=0, names=names, data=columns)


def _cells(column: Any, arrow: Any) -> Cells:
    if arrow.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if arrow.types.is_floating(column.type) or (arrow.types.is_integer(column.type) and _is_exact(column)):
        wide = column.cast(arrow.float64(), safe=False).to_numpy()
        return sealed(wide.copy())  # type: ignore[no-any-return]
    return [_plain(value) for value in column.to_pylist()]


def _is_exact(column: Any) -> bool:
    """Whether every whole number of the column is a float too; long serial numbers are not."""
    present = [value for value in column.to_pylist() if value is not None]
    return not present or max(abs(min(present)), abs(max(present))) <= 2**53


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | float | Decimal):
        return value
    if isinstance(value, int):
        return str(value)
    return value if hasattr(value, "isoformat") else str(value)
