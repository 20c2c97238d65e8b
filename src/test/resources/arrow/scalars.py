"""Writes scalars.arrows beside it with pyarrow: python3 scalars.py

A feature and a column of each type whose values have a usual text, in two record batches; null in
the last row.
"""
import datetime
import decimal

import pyarrow as pa

noon = datetime.datetime(2026, 11, 29, 12, 30, 0, 250000)
columns = {
    "text": pa.array(["A, 1", "", None]),
    "a": pa.array([1.0, 2.0, 3.0]),
    "large": pa.array(["é\"", "x", None], pa.large_utf8()),
    "view": pa.array(["longer than twelve bytes", "v", None], pa.string_view()),
    "int8": pa.array([-1, 7, None], pa.int8()),
    "uint64": pa.array([2**64 - 1, 0, None], pa.uint64()),
    "float32": pa.array([0.1, float("nan"), None], pa.float32()),
    "float64": pa.array([0.1, 1e300, None]),
    "flag": pa.array([True, False, None]),
    "price": pa.array([decimal.Decimal("1.50"), decimal.Decimal("-0.05"), None], pa.decimal128(9, 2)),
    "day": pa.array([datetime.date(2026, 11, 29), datetime.date(1969, 12, 31), None]),
    "naive": pa.array([noon, noon, None], pa.timestamp("us")),
    "zoned": pa.array([noon, noon, None], pa.timestamp("ns", "UTC")),
    "time": pa.array([datetime.time(1, 2, 3), datetime.time(0), None], pa.time32("s")),
    "nothing": pa.nulls(3),
}
table = pa.table(columns)
with pa.OSFile("scalars.arrows", "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
    for batch in table.to_batches(max_chunksize=2):
        writer.write_batch(batch)
