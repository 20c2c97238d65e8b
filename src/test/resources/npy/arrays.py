"""Writes the arrays beside it, with numpy 2.4.6, and the first bytes of files of other formats, with pyarrow 25.0.1 and
polars 1.44.2: python3 arrays.py

What the tests expect of them stands in the tests.
"""
import gzip
import io
import pickle
import subprocess
import zipfile

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

NAN = np.nan
floats = [[1.5, -2.0], [NAN, 0.25], [-0.0, 1024.0]]
for name, array in {
    "f8": np.array(floats),
    "f8-big": np.array(floats, ">f8"),
    "f8-fortran": np.array(floats, order="F"),
    "f4": np.array(floats, "<f4"),
    "f4-big-fortran": np.array(floats, ">f4", order="F"),
    "f2": np.array(floats, "<f2"),
    "f2-big": np.array(floats, ">f2"),
    "vector": np.array([1.5, NAN, -2.0]),
    "vector-f4": np.array([1.5, NAN, -2.0], "<f4"),
    "column": np.array([[1.5], [NAN], [-2.0]]),
    "no-rows": np.empty((0, 2)),
    "i1": np.array([[-128, 127]], "i1"),
    "i2": np.array([[-32768, 32767]], "<i2"),
    "i4-big": np.array([[-(2**31), 2**31 - 1]], ">i4"),
    "i8": np.array([[-(2**53), 2**53], [-(2**63), 2**62 + 2**10]], "<i8"),
    "u1": np.array([[0, 255]], "u1"),
    "u2-big": np.array([[1, 65535]], ">u2"),
    "u4": np.array([[1, 2**32 - 1]], "<u4"),
    "u8": np.array([[2**63, 2**64 - 2**11]], "<u8"),
    "bool": np.array([[True, False]]),
    "i8-inexact": np.array([[1, 2**53 + 1], [-(2**63) + 1, 2**53 - 1]], "<i8"),
    "u8-inexact": np.array([[2**64 - 1, 2]], ">u8"),
    "fields": np.array([(1.0, 2)], [("a", "<f8"), ("b", "<i4")]),
    "object": np.array([["a", 1]], object),
    "text": np.array([["a", "bc"]]),
    "complex": np.array([[1j, 2]]),
    "time": np.array([["2026-11-28", "2026-11-29"]], "M8[D]"),
    "images": np.zeros((2, 3, 4)),
    "turned": np.zeros((2, 3)),
    "scalar": np.array(7.0),
    # answers, as numpy would have saved them
    "answer-f8": np.array([[1.0, -2.0], [0.1, NAN]]),
    "answer-f4": np.array([[1.0, -2.0], [0.1, NAN]], "<f4"),
    "answer-f2": np.array([[1.0, -2.0], [0.1, NAN]], "<f2"),
    "answer-vector": np.array([0.1, NAN]),
}.items():
    np.save(name + ".npy", array)
for version in (2, 3):
    with open(f"version-{version}.npy", "wb") as file:
        np.lib.format.write_array(file, np.array(floats), (version, 0))

table = pa.table({"a": [1.5, 2.5], "b": [3, 4]})
frame = pl.from_arrow(table)


def written(write):
    sink = io.BytesIO()
    write(sink)
    return sink.getvalue()


def stream(sink, table=table):
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


def archive(sink):
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("sheet.xml", "<a/>" * 20)


with open("other-formats.csv", "w") as file:
    for format, writer, body in [
        ("NPY", "numpy", written(lambda sink: np.save(sink, np.array(floats)))),
        ("ARROW_STREAM", "pyarrow", written(stream)),
        ("ARROW_STREAM", "pyarrow without columns", written(lambda sink: stream(sink, pa.table({})))),
        ("ARROW_STREAM", "pyarrow of pandas", written(lambda sink: stream(sink, pa.Table.from_pandas(table.to_pandas())))),
        ("ARROW_STREAM", "polars", written(frame.write_ipc_stream)),
        ("ARROW_FILE", "polars", written(frame.write_ipc)),
        ("ARROW_FILE", "pyarrow", written(lambda sink: pyarrow.feather.write_feather(table, sink))),
        ("FEATHER_1", "pyarrow", written(lambda sink: pyarrow.feather.write_feather(table, sink, version=1))),
        ("PARQUET", "pyarrow", written(lambda sink: pyarrow.parquet.write_table(table, sink))),
        ("PARQUET", "pyarrow, pages of version 2", written(lambda sink: pyarrow.parquet.write_table(table, sink, data_page_version="2.0", use_dictionary=False))),
        ("PARQUET", "pyarrow without rows", written(lambda sink: pyarrow.parquet.write_table(table.slice(0, 0), sink))),
        ("PARQUET", "polars", written(frame.write_parquet)),
        ("GZIP", "python", gzip.compress(b"1,2\n" * 20)),
        ("GZIP", "python, level 1", gzip.compress(b"1,2\n" * 20, 1)),
        ("GZIP", "gzip of a file", subprocess.run(["gzip", "-c", "arrays.py"], capture_output=True).stdout),
        ("GZIP", "gzip of a pipe", subprocess.run(["gzip"], input=b"1,2\n" * 20, capture_output=True).stdout),
        ("ZIP", "numpy.savez", written(lambda sink: np.savez(sink, a=np.array(floats)))),
        ("ZIP", "python", written(archive)),
        ("ZIP", "zip", subprocess.run(["zip", "-", "arrays.py"], capture_output=True).stdout),
        # the mark as HDF5's specification has it: no writer at hand
        ("HDF5", "specification", b"\x89HDF\r\n\x1a\n" + bytes(20)),
        ("PICKLE", "python, protocol 4", pickle.dumps(np.array(floats), 4)),
        ("PICKLE", "python, protocol 5", pickle.dumps(np.array(floats), 5)),
    ]:
        file.write(f"{format};{writer};{body[:80].hex()}\n")
