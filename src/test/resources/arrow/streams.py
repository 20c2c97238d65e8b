"""Writes the streams and files beside it, with pyarrow 25.0.1, pandas 3.0.6 and polars 1.44.2: python3 streams.py

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

# Every type of numbers, in two batches, with null in row 2; numbers.csv has the doubles that Python makes of them.
D = decimal.Decimal
numbers = {
    "i8": ([-128, 127, None, 0], pa.int8()),
    "i16": ([-32768, 32767, None, 1], pa.int16()),
    "i32": ([-(2**31), 2**31 - 1, None, 2], pa.int32()),
    "i64": ([-(2**63), 2**53, None, -(2**53)], pa.int64()),
    "u8": ([0, 255, None, 1], pa.uint8()),
    "u16": ([0, 65535, None, 1], pa.uint16()),
    "u32": ([0, 2**32 - 1, None, 1], pa.uint32()),
    "u64": ([0, 2**64 - 2**11, None, 2**63], pa.uint64()),
    "f16": ([0.5, -65504.0, None, 6e-8], pa.float16()),
    "f32": ([0.1, -1.5, None, 1e-45], pa.float32()),
    "bool": ([True, False, None, True], pa.bool_()),
    "d32": ([D("0.01"), D("-9999999.99"), None, D("0.07")], pa.decimal32(9, 2)),
    "d64": ([D("0.001"), D("-999999999999999.999"), None, D("9007199254740.993")], pa.decimal64(18, 3)),
    "d128": ([D("0.1"), D("-12345678901234567890123456789.0"), None, D("9007199254740993.1")], pa.decimal128(38, 1)),
    "d256": ([D(10) ** 60 + D("0.25"), D(-1).scaleb(-10), None, D("1.0000000001")], pa.decimal256(76, 10)),
    "hundreds": ([D(12300), D(-100), None, D(10) ** 20], pa.decimal128(25, -2)),
    "fine": ([D("1e-30"), D("-0.123456789012345678901234567890"), None, D("7e-23")], pa.decimal128(38, 30)),
    "dictionary": ([0.5, 0.25, None, 0.5], pa.dictionary(pa.int8(), pa.float64())),
    "codes": ([7, -7, None, 9], pa.dictionary(pa.uint16(), pa.int64())),
    "nothing": ([None] * 4, pa.null()),
    "runs": ([1.5, 1.5, None, 2.5], pa.run_end_encoded(pa.int32(), pa.float64())),
}


def typed(values, type):
    if pa.types.is_run_end_encoded(type):
        return pa.compute.run_end_encode(pa.array(values, type.value_type))
    if pa.types.is_dictionary(type):
        return pa.array(values, type.value_type).dictionary_encode().cast(type)
    if pa.types.is_decimal(type) and type.scale < 0:
        integers = pa.array([None if v is None else v.scaleb(type.scale) for v in values], pa.decimal128(38, 0))
        return pa.Array.from_buffers(type, len(values), integers.buffers())
    return pa.array(values, type)


import pyarrow.compute
import pyarrow.feather

number_schema = pa.schema([pa.field(name, type, metadata={"unit": name}) for name, (_, type) in numbers.items()], metadata={"made": "by hand"})
number_batches = [
    pa.record_batch([typed(values[:2], type) for values, type in numbers.values()], schema=number_schema),
    pa.record_batch([typed(values[2:], type) for values, type in numbers.values()], schema=number_schema),
]
write("numbers.arrows", number_batches)
with open("numbers.csv", "w") as file:
    for i in range(4):
        row = [values[i] if not pa.types.is_float32(type) and not pa.types.is_float16(type) or values[i] is None else typed([values[i]], type)[0].as_py() for values, type in numbers.values()]
        file.write(",".join("NaN" if v is None else repr(float(v)) for v in row) + "\n")

# Integers that no double is, one of them behind a null.
inexact = [2**53 + 1, 5, None, -(2**53) - 1]
write("inexact.arrows", [pa.record_batch([
    pa.Array.from_buffers(pa.int64(), 4, [pa.array([True, True, False, True]).buffers()[1], pa.array([2**53 + 1, 5, 2**53 + 3, -(2**53) - 1]).buffers()[1]]),
    pa.array([1, 2**64 - 1, 2, 2**64 - 2**11], pa.uint64()),
    pa.array(inexact).dictionary_encode(),
    pa.compute.run_end_encode(pa.array([1, 2**60 + 1, 2**60 + 1, 1])),
    pa.array([[1], [2**53 + 1], [3], [4]], pa.list_(pa.int64(), 1)),
], ["a", "b", "c", "d", "list"])])

# A dictionary that grows by a delta, and one that is replaced.
def encoded(indices, values):
    return pa.record_batch([pa.DictionaryArray.from_arrays(pa.array(indices, pa.int8()), values), pa.DictionaryArray.from_arrays(pa.array(indices, pa.int8()), [str(v) for v in values])], ["a", "text"])


write("delta.arrows", [encoded([0, 1], [1.5, 2.5]), encoded([2, 0, None], [1.5, 2.5, 3.5])], emit_dictionary_deltas=True)
write("replaced.arrows", [encoded([0, 1], [1.5, 2.5]), encoded([0, None, 1], [7.5, 8.5])])

# Embeddings: lists of three numbers, with ids beside them.
vectors = [[0.5, 1.5, -2.0], [None, 0.25, 4.0], None, [1.0, 2.0, 3.0]]
for name, type in {"fixed": pa.list_(pa.float32(), 3), "list": pa.list_(pa.float64()), "large-list": pa.large_list(pa.float16()), "integers": pa.list_(pa.int32())}.items():
    whole = [[None if v is None else int(v) for v in row] if row and name == "integers" else row for row in vectors]
    write(f"embedding-{name}.arrows", [pa.record_batch([pa.array(["a", "b", "c", "d"]), pa.array(whole, type)], ["id", "e"]).slice(0, 3), pa.record_batch([pa.array(["d"]), pa.array(whole[3:], type)], ["id", "e"])])
write("embedding-uneven.arrows", [pa.record_batch([pa.array([[1.0, 2.0, 3.0], [1.0]])], ["e"])])
write("embedding-two.arrows", [pa.record_batch([pa.array([[1.0, 2.0, 3.0]], pa.list_(f64, 3)), pa.array([[1.0, 2.0]], pa.list_(f64, 2))], ["e", "f"])])
tensor = pa.fixed_shape_tensor(pa.float32(), [3])
write("embedding-tensor.arrows", [pa.record_batch([pa.ExtensionArray.from_storage(tensor, pa.array([[1.0, 2.0, 3.0]], pa.list_(f32, 3)))], ["e"])])

# Compressed buffers of more than one block of LZ4, which refer to each other; row i is i % 7 and i % 3 + 0.25.
many = pa.record_batch([pa.array([float(i % 7) for i in range(12_000)]), pa.array([i % 3 + 0.25 if i % 11 else None for i in range(12_000)]), pa.array(["x" * (i % 3) for i in range(12_000)])], ["a", "b", "id"])
for codec in ("lz4", "zstd"):
    write(f"many-{codec}.arrows", [many], compression=codec)
# bytes that do not shrink are stored as they are
import random

random.seed(1)
write("stored-lz4.arrows", [pa.record_batch([pa.array([random.random() for _ in range(40)])], ["a"])], compression="lz4")

# Files: of pyarrow, of pandas with an index and types of its own, and a file of version 1.
with pa.OSFile("two-batches.arrow", "wb") as file, pa.ipc.new_file(file, schema) as writer:
    for batch in two:
        writer.write_batch(batch)
with pa.OSFile("no-batches.arrow", "wb") as file, pa.ipc.new_file(file, schema) as writer:
    pass
with pa.OSFile("dictionary.arrow", "wb") as file, pa.ipc.new_file(file, encoded([0], [1.5]).schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
    writer.write_batch(encoded([0, 1, 0], [1.5, 2.5]))
import pandas as pd

frame = pd.DataFrame({"a": [1.5, None, 3.5], "n": pd.array([1, None, 3], "Int64"), "flag": pd.array([True, None, False], "boolean"), "name": ["x", None, "é"], "kind": pd.Categorical(["u", "v", "u"]), "when": pd.to_datetime(["2026-11-01", "2026-11-02", None])}, index=["r0", "r1", "r2"])
pa.feather.write_feather(pa.Table.from_pandas(frame), "pandas.arrow", compression="lz4")
with pa.OSFile("pandas.arrows", "wb") as file, pa.ipc.new_stream(file, pa.Table.from_pandas(frame).schema) as writer:
    writer.write_table(pa.Table.from_pandas(frame))
pa.feather.write_feather(pa.table({"a": [1.0]}), "version-1.feather", version=1)

# Views: short and long texts, more than one buffer of bytes, views that share bytes.
texts = ["", "short", None, "longer than twelve bytes", "é" * 20, "x" * 4_000, "exactly 12 b", "thirteen byte"]
shared = pa.array(["shared by many views here"] * 3 + texts[3:8], pa.string_view())
write("views.arrows", [pa.record_batch([pa.array([float(i) for i in range(8)]), pa.array(texts, pa.string_view()), pa.array([None if t is None else t.encode() for t in texts], pa.binary_view()), shared, pa.array([[t] for t in texts], pa.list_(pa.string_view()))], ["a", "view", "bytes", "shared", "list"])])

# Polars 1.44.2: the schema of its files has no prefix; texts are views, categories a dictionary of views.
import polars as pl

table = pl.DataFrame({"a": [1.5, None, 3.5], "n": [1, 2, 3], "s": ["x", "longer than twelve bytes", None], "c": pl.Series(["u", "v", "u"], dtype=pl.Categorical), "flag": [True, False, None]})
for codec in ("uncompressed", "lz4", "zstd"):
    table.write_ipc(f"polars-{codec}.arrow", compression=codec)
table.write_ipc_stream("polars.arrows")
table.write_ipc("polars-oldest.arrow", compat_level=pl.CompatLevel.oldest())
table.clear().write_ipc("polars-empty.arrow")
