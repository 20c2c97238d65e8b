"""Writes the streams beside it, with pyarrow 25.0.1: python3 streams.py

What the tests expect of them stands in the tests.
"""
import datetime
import decimal
import math

import pyarrow as pa


def write(name, batches, schema=None, **options):
    options = pa.ipc.IpcWriteOptions(**options)
    with pa.OSFile(name, "wb") as file, pa.ipc.new_stream(file, schema or batches[0].schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)


NAN = math.nan
f64, f32 = pa.float64(), pa.float32()

# Two batches, columns neither in order nor of one type; null, NaN and -0.0.
schema = pa.schema([("b", f32), ("a", f64)])
two = [
    pa.record_batch([pa.array([0.5, None, NAN], f32), pa.array([1.0, NAN, -0.0], f64)], schema),
    pa.record_batch([pa.array([0.1], f32), pa.array([None], f64)], schema),
]
write("two-batches.arrows", two)
write("two-batches-v4.arrows", two, metadata_version=pa.ipc.MetadataVersion.V4)
write("two-batches-legacy.arrows", two, use_legacy_format=True)
write("zstd.arrows", two, compression="zstd")
write("lz4.arrows", two, compression="lz4")
with pa.OSFile("file.arrow", "wb") as file, pa.ipc.new_file(file, schema) as writer:
    writer.write_batch(two[0])
write("no-batches.arrows", [], schema)

# A slice: buffers that begin in the middle of others, validity that begins within a byte.
whole = pa.record_batch([pa.array([float(i) if i % 3 else None for i in range(40)]), pa.array([str(i) for i in range(40)])], ["a", "id"])
write("slice.arrows", [whole.slice(13, 20)])

# Columns of every kind of layout that can be kept, beside a feature; ten rows, null in row 3.
def column(make, type):
    return pa.array([None if i == 3 else make(i) for i in range(10)], type)

kept = {
    "a": pa.array([float(i) for i in range(10)]),
    "nothing": pa.nulls(10),
    "bool": column(lambda i: i % 2 == 0, pa.bool_()),
    "int8": column(lambda i: -i, pa.int8()),
    "uint64": column(lambda i: 2**64 - 1 - i, pa.uint64()),
    "float16": column(lambda i: i / 2, pa.float16()),
    "decimal128": column(lambda i: decimal.Decimal(i).scaleb(-2), pa.decimal128(9, 2)),
    "decimal256": column(lambda i: decimal.Decimal(10) ** 40 + i, pa.decimal256(50, 0)),
    "date32": column(lambda i: datetime.date(2026, 11, 1 + i), pa.date32()),
    "time64": column(lambda i: datetime.time(i, 30), pa.time64("us")),
    "timestamp": column(lambda i: datetime.datetime(2026, 11, 1 + i, tzinfo=datetime.timezone.utc), pa.timestamp("ns", "Europe/Zurich")),
    "duration": column(lambda i: datetime.timedelta(seconds=i), pa.duration("s")),
    "month_day_nano": column(lambda i: pa.MonthDayNano([i, 2 * i, 3 * i]), pa.month_day_nano_interval()),
    "utf8": column(lambda i: "é" * i, pa.utf8()),
    "large_utf8": column(lambda i: "x" * (9 - i), pa.large_utf8()),
    "binary": column(lambda i: bytes(range(i)), pa.binary()),
    "uuid": column(lambda i: bytes([i] * 16), pa.binary(16)),
    "list": column(lambda i: [None if k == 1 else k for k in range(i % 4)], pa.list_(pa.int32())),
    "large_list": column(lambda i: ["y" * k for k in range(i % 3)], pa.large_list(pa.utf8())),
    "pair": column(lambda i: [i, i / 8], pa.list_(f32, 2)),
    "struct": column(lambda i: {"p": i, "q": {"r": str(i)}}, pa.struct([("p", pa.int16()), ("q", pa.struct([("r", pa.utf8())]))])),
    "map": column(lambda i: [(str(k), k) for k in range(i % 3)], pa.map_(pa.utf8(), pa.int64())),
}
fields = [pa.field(name, array.type, metadata={"unit": "m"} if name == "int8" else None) for name, array in kept.items()]
batch = pa.record_batch(list(kept.values()), schema=pa.schema(fields))
write("kept.arrows", [batch, batch.slice(2, 5)])

# Columns that can only be passed over; the dictionary of the second batch differs.
passed = pa.schema([
    ("colour", pa.dictionary(pa.int8(), pa.utf8())),
    ("view", pa.string_view()),
    ("a", f64),
    ("sparse", pa.sparse_union([pa.field("i", pa.int64()), pa.field("s", pa.utf8())])),
    ("dense", pa.dense_union([pa.field("i", pa.int64()), pa.field("s", pa.utf8())])),
    ("runs", pa.run_end_encoded(pa.int32(), pa.utf8())),
    ("list_view", pa.list_view(pa.int32())),
    ("nested", pa.list_(pa.dictionary(pa.int16(), pa.utf8()))),
])


def passed_batch(colours, values):
    n = len(values)
    types = pa.array([0, 1] * n, pa.int8())[:n]
    return pa.record_batch([
        pa.array(colours).dictionary_encode().cast(passed.field("colour").type),
        pa.array(["longer than twelve bytes %d" % i for i in range(n)], pa.string_view()),
        pa.array(values),
        pa.UnionArray.from_sparse(types, [pa.array(range(n), pa.int64()), pa.array(["s"] * n)], ["i", "s"]),
        pa.UnionArray.from_dense(types, pa.array([i // 2 for i in range(n)], pa.int32()), [pa.array(range(n), pa.int64()), pa.array(["s"] * n)], ["i", "s"]),
        pa.RunEndEncodedArray.from_arrays([n], ["r"], passed.field("runs").type),
        pa.array([[i] for i in range(n)], passed.field("list_view").type),
        pa.ListArray.from_arrays(list(range(n + 1)), pa.array(colours).dictionary_encode().cast(pa.dictionary(pa.int16(), pa.utf8()))),
    ], schema=passed)


write("passed-over.arrows", [passed_batch(["red", "blue", "red"], [1.0, None, 3.0]), passed_batch(["green", "red"], [4.0, 5.0])], emit_dictionary_deltas=False)

# Columns of the wrong type, twice there, and of weights.
write("wrong-types.arrows", [pa.record_batch(
    [pa.array([1]), pa.array(["x"]), pa.array(["y"]).dictionary_encode(), pa.array([1.5], pa.float16()), pa.array([1.0]), pa.array([2.0])],
    ["a", "b", "c", "d", "e", "e"])])
write("weights.arrows", [pa.record_batch([pa.array([1.0, 2.0]), pa.array([0.25, 4.0], f32)], ["a", "w"])])
