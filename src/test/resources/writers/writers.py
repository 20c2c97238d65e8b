"""Sends what real libraries write to a running service, and reads its answers back by them.

    writers.py URL

Each table defines a normalizer (PUT of the body), trains it by the same bytes, and has its statistics compared with exact
ones; the answer is read back and compared with the rows normalised here. Libraries that are not installed are passed over
with a line that says so. Exits 1 if a case fails.
"""
import csv, gzip, io, json, math, os, sys, traceback, urllib.error, urllib.request
from datetime import datetime, timedelta
from fractions import Fraction

URL = sys.argv[1].rstrip("/")
N = 257
passed, failed, serial = 0, 0, 0

# --- the table ----------------------------------------------------------------------------------------------------------

A = [round(math.sin(i) * 1000 + 0.1 * i, 3) for i in range(N)]
B = [i * 37 % 101 - 50 for i in range(N)]
C = [None if i % 7 == 3 else round(1e6 + math.cos(i), 4) for i in range(N)]
OK = [i % 3 == 0 for i in range(N)]
NAME = ["setosa" if i % 2 else 'Braund, "Mr" O' for i in range(N)]
WHEN = [datetime(2024, 3, 1) + timedelta(hours=i) for i in range(N)]
NUMBERS = {"a": A, "b é": B, "c": C}


def exact(values):
    """count, mean and unbiased variance, rounded once"""
    present = [Fraction(float(v)) for v in values if v is not None and v == v]
    n = len(present)
    mean = sum(present) / n
    return n, float(mean), float(sum((x - mean) ** 2 for x in present) / (n - 1)), float(min(present)), float(max(present))


def normalised(values):
    """as training by a batch does: the biased variance"""
    present = [Fraction(float(v)) for v in values if v is not None and v == v]
    mean = sum(present) / len(present)
    deviation = math.sqrt(sum((x - mean) ** 2 for x in present) / len(present))
    return [None if v is None or v != v else float(Fraction(float(v)) - mean) / deviation for v in values]


# --- requests -----------------------------------------------------------------------------------------------------------

def call(method, path, body=None, **headers):
    request = urllib.request.Request(URL + path, body, {k.replace("_", "-"): v for k, v in headers.items()}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read(), refusal.headers


def require(holds, otherwise):
    if not holds:
        raise AssertionError(otherwise)


def train(body, kind, columns, left=(), read=None, defined=None, query="", rows=N, tolerance=1e-12, **headers):
    """defines by the body, trains by it, compares statistics and answer"""
    global serial
    serial += 1
    path = f"/api/v1/normalizers/writer-{os.getpid()}-{serial}"
    if defined is None:
        status, text, _ = call("PUT", path, body, Content_Type=kind, **headers)
        require(status == 201, f"defining: {status} {text[:400]!r}")
        view = json.loads(text)
        names = [f["name"] for f in view["definition"]["features"]]
        require(names == list(columns), f"features {names}, expected {list(columns)}")
        out = [c["name"] for c in view["columns"] if not c["taken"]]
        require(out == list(left), f"left out {out}, expected {list(left)}")
    else:
        status, text, _ = call("PUT", path, json.dumps(defined).encode(), Content_Type="application/json")
        require(status == 201, f"definition: {status} {text[:400]!r}")
    status, text, answered = call("POST", f"{path}:normalize?mode=training{query}", body, Content_Type=kind, **headers)
    require(status == 200, f"training: {status} {text[:400]!r}")
    s = json.loads(call("GET", path + "/statistics")[1])
    require(s["rows"] == rows, f"{s['rows']} rows, expected {rows}")
    for j, values in enumerate(columns.values()):
        n, mean, variance, least, most = exact(values)
        require(s["count"][j] == n, f"count of column {j}: {s['count'][j]}, expected {n}")
        require(abs(s["mean"][j] - mean) <= 1e-13 * (abs(mean) + math.sqrt(variance)), f"mean of column {j}: {s['mean'][j]}, {mean}")
        require(abs(s["variance"][j] - variance) <= 1e-12 * variance, f"variance of column {j}: {s['variance'][j]}, {variance}")
        require((s["min"][j], s["max"][j]) == (least, most), f"extremes of column {j}: {s['min'][j], s['max'][j]}, {least, most}")
    if read is not None:
        for got, (name, values) in zip(read(text), columns.items()):
            require(len(got) == rows, f"{len(got)} rows of {name}, expected {rows}")
            for i, (x, y) in enumerate(zip(got, normalised(values))):
                gone = x is None or x != x
                require(gone == (y is None) and (gone or abs(x - y) <= tolerance * (1 + abs(y))), f"row {i} of {name}: {x}, expected {y}")
    call("DELETE", path)
    return text


def refused(body, kind, says, defined):
    """whatever it is, it is named, and nothing is counted"""
    global serial
    serial += 1
    path = f"/api/v1/normalizers/writer-{os.getpid()}-{serial}"
    call("PUT", path, json.dumps(defined).encode(), Content_Type="application/json")
    status, text, _ = call("POST", f"{path}:normalize?mode=training", body, Content_Type=kind)
    require(400 <= status < 500, f"not refused: {status} {text[:200]!r}")
    require(says.lower() in text.decode().lower(), f"does not say {says!r}: {text[:400]!r}")
    require(json.loads(call("GET", path)[1])["rows"] == 0, "it was counted all the same")
    call("DELETE", path)


def case(name, run):
    global passed, failed
    try:
        run()
        passed += 1
    except Exception as fault:
        failed += 1
        print(f"FAILED {name}: {fault}")
        if not isinstance(fault, AssertionError):
            traceback.print_exc()


def library(name):
    try:
        return __import__(name, fromlist=["*"])
    except ImportError:
        print(f"SKIPPED: {name} is not installed; its bodies are not tried.", flush=True)
        return None


def column(names):
    return {n: NUMBERS[n] for n in names}


def csv_rows(text, names=("a", "b é", "c"), delimiter=",", decimal=".", encoding="utf-8"):
    table = list(csv.reader(io.StringIO(text.decode(encoding)), delimiter=delimiter))
    at = [table[0].index(n) for n in names]
    return [[float(row[j].replace(decimal, ".")) if row[j] else None for row in table[1:] if row] for j in at]


# --- the standard library -----------------------------------------------------------------------------------------------

def by_csv_module():
    for dialect in ("excel", "unix"):
        out = io.StringIO()
        writer = csv.writer(out, dialect=dialect)
        writer.writerow(["name", "a", "b é", "c"])
        writer.writerows([n, a, b, "" if c is None else c] for n, a, b, c in zip(NAME, A, B, C))
        body = out.getvalue().encode()
        case(f"csv module, {dialect}", lambda: train(body, "text/csv", NUMBERS, ["name"], csv_rows))
    out = io.StringIO()
    csv.writer(out, dialect="excel-tab").writerows([["a", "b é", "c"], *([a, b, "" if c is None else c] for a, b, c in zip(A, B, C))])
    case("csv module, excel-tab", lambda: train(
        out.getvalue().encode(), "text/tab-separated-values", NUMBERS, (), lambda t: csv_rows(t, delimiter="\t")))


def by_json_module():
    lines = "\n".join(json.dumps({"name": n, "a": a, "b é": b, "c": c}) for n, a, b, c in zip(NAME, A, B, C)).encode()
    read = lambda text: [[r[n] for r in map(json.loads, text.split(b"\n")[:N])] for n in NUMBERS]
    case("json module, lines", lambda: train(
        lines, "application/x-ndjson", NUMBERS, ["name"], read, query="&control=false&batchRows=1000"))
    features = {"features": [{"name": n} for n in NUMBERS], "missing": "ignore"}
    rows = json.dumps([list(r) for r in zip(A, B, C)]).encode()
    back = lambda text: list(zip(*json.loads(text)["rows"]))
    case("json module, a bare array", lambda: train(rows, "application/json", NUMBERS, read=back, defined=features))
    columns = json.dumps({"columns": NUMBERS}).encode()
    case("json module, columns", lambda: train(
        columns, "application/json", NUMBERS, read=lambda t: [json.loads(t)["columns"][n] for n in NUMBERS], defined=features))
    case("json module, gzip", lambda: train(
        gzip.compress(rows), "application/json", NUMBERS, read=back, defined=features, Content_Encoding="gzip"))
    case("json module, NaN", lambda: refused(
        json.dumps([[1.0, 2, float("nan")]]).encode(), "application/json", "null", features))


def by_numpy():
    np = library("numpy")
    if np is None:
        return
    full = np.array([A, B, [math.nan if c is None else c for c in C]], dtype=float).T
    numbered = {f"f{j}": [float(x) for x in full[:, j]] for j in range(3)}

    def saved(array):
        out = io.BytesIO()
        np.save(out, array)
        return out.getvalue()

    def back(text):
        array = np.load(io.BytesIO(text))
        return [[float(x) for x in array[:, j]] for j in range(array.shape[1])]

    for dtype, order in (("<f8", "C"), (">f8", "C"), ("<f8", "F"), (">f8", "F")):
        body = saved(np.asarray(full.astype(dtype), order=order))
        case(f"numpy.save, {dtype} {order}", lambda: train(body, "application/x-npy", numbered, read=back))
    for dtype in ("f4", "f2"):
        small = (full[:, :2] / 8).astype(dtype)
        body = saved(small)
        columns = {f"f{j}": [float(x) for x in small[:, j]] for j in range(2)}
        case(f"numpy.save, {dtype}", lambda: train(
            body, "application/x-npy", columns, read=back, tolerance=2e-3 if dtype == "f2" else 1e-6))
    for dtype in ("i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"):
        ints = np.array([[i % 100, (i * 7) % 90] for i in range(N)]).astype(dtype)
        body = saved(ints)
        columns = {f"f{j}": [float(x) for x in ints[:, j]] for j in range(2)}
        case(f"numpy.save, {dtype}", lambda: train(body, "application/x-npy", columns, read=back))
    case("numpy.save, one axis", lambda: train(
        saved(np.array(A)), "application/x-npy", {"f0": A}, read=lambda t: [list(np.load(io.BytesIO(t)))]))
    out = io.BytesIO()
    np.savetxt(out, full[:, :2], delimiter=",", header="a,b", comments="")
    case("numpy.savetxt", lambda: train(out.getvalue(), "text/csv", {"a": A, "b": B}, (), lambda t: csv_rows(t, ("a", "b"))))
    bare = io.BytesIO()
    np.savetxt(bare, full[:, :2], delimiter=",")
    case("numpy.savetxt, no header", lambda: train(bare.getvalue(), "text/csv; header=absent", {"f0": A, "f1": B}))
    three = {"featureCount": 3, "missing": "ignore"}
    case("ndarray.tobytes", lambda: train(full.tobytes(), "application/octet-stream", numbered, defined=three, query=f"&rows={N}"))
    out = io.BytesIO()
    np.savez(out, full)
    case("numpy.savez", lambda: refused(out.getvalue(), "application/x-npy", "zip", three))
    case("numpy.save of objects", lambda: refused(
        saved(np.array([["a", 1]], dtype=object)), "application/x-npy", "|O", {"featureCount": 2}))


def by_pandas():
    pd = library("pandas")
    if pd is None:
        return
    frame = pd.DataFrame({"name": NAME, "when": WHEN, **NUMBERS, "ok": OK})
    left, columns = ["name", "when"], {**NUMBERS, "ok": OK}
    names = tuple(columns)
    for label, kind, options, reading, out in (
        ("", "text/csv", {"index": False}, {}, left),
        (" with its index", "text/csv", {}, {}, ["", *left]),
        (", NA", "text/csv", {"index": False, "na_rep": "NA"}, {}, left),
        (", all quoted", "text/csv", {"index": False, "quoting": csv.QUOTE_ALL}, {}, left),
        (", CRLF", "text/csv", {"index": False, "lineterminator": "\r\n"}, {}, left),
        (", semicolons", 'text/csv; delimiter=";"', {"index": False, "sep": ";"}, {"delimiter": ";"}, left),
        (", semicolons and commas", 'text/csv; delimiter=";"; decimal=","', {"index": False, "sep": ";", "decimal": ","},
         {"delimiter": ";", "decimal": ","}, left),
        (", tabs", "text/tab-separated-values", {"index": False, "sep": "\t"}, {"delimiter": "\t"}, left),
        (", bars", "text/csv;delimiter=|", {"index": False, "sep": "|"}, {"delimiter": "|"}, left),
        (", byte order mark", "text/csv; charset=utf-8", {"index": False, "encoding": "utf-8-sig"}, {"encoding": "utf-8-sig"}, left),
        (", UTF-16", "text/csv; charset=utf-16", {"index": False, "encoding": "utf-16"}, {"encoding": "utf-16"}, left),
        (", Latin-1", "text/csv; charset=iso-8859-1", {"index": False, "encoding": "latin-1"}, {"encoding": "latin-1"}, left),
    ):
        text = frame.to_csv(**{k: v for k, v in options.items() if k != "encoding"})
        body = text.encode(options.get("encoding", "utf-8"))
        case("pandas CSV" + label, lambda: train(body, kind, columns, out, lambda t: csv_rows(t, names[:3], **reading)))
    lines = frame.to_json(orient="records", lines=True, date_format="iso").encode()
    case("pandas JSON lines", lambda: train(lines, "application/x-ndjson", columns, left))
    features = {"features": [{"name": n} for n in NUMBERS], "missing": "ignore"}
    records = frame[list(NUMBERS)].to_json(orient="records").encode()
    case("pandas records", lambda: train(records, "application/json", NUMBERS, defined=features))
    values = frame[list(NUMBERS)].to_json(orient="values").encode()
    case("pandas values", lambda: train(values, "application/json", NUMBERS, defined=features))
    split = frame[list(NUMBERS)].to_json(orient="split").encode()
    case("pandas split", lambda: refused(split, "application/json", "rows", features))
    if library("pyarrow") is None:
        return
    kind = "application/vnd.apache.arrow.file"
    for compression in ("lz4", "zstd", "uncompressed"):
        out = io.BytesIO()
        frame.to_feather(out, compression=compression)
        body = out.getvalue()

        def read(text):
            back = pd.read_feather(io.BytesIO(text))
            require(list(back["name"]) == NAME and list(back["when"]) == WHEN, "an extra column has changed")
            return [[None if pd.isna(x) else float(x) for x in back[n]] for n in columns]

        case(f"pandas Feather, {compression}", lambda: train(body, kind, columns, left, read))
    out = io.BytesIO()
    frame.to_parquet(out)
    case("pandas Parquet", lambda: refused(out.getvalue(), kind, "parquet", features))
    case("pandas Parquet as bytes", lambda: refused(out.getvalue(), "application/octet-stream", "parquet", features))


def by_pyarrow():
    pa = library("pyarrow")
    if pa is None:
        return
    import decimal
    import pyarrow.csv
    import pyarrow.ipc as ipc

    def stream(table, **options):
        out = io.BytesIO()
        with ipc.new_stream(out, table.schema, options=ipc.IpcWriteOptions(**options)) as writer:
            writer.write_table(table, max_chunksize=100)
        return out.getvalue()

    def file(table, **options):
        out = io.BytesIO()
        with ipc.new_file(out, table.schema, options=ipc.IpcWriteOptions(**options)) as writer:
            writer.write_table(table, max_chunksize=100)
        return out.getvalue()

    def back(names, opened=ipc.open_stream):
        def read(text):
            table = opened(io.BytesIO(text)).read_all()
            return [[None if x is None else float(x) for x in table[n].to_pylist()] for n in names]
        return read

    STREAM, FILE = "application/vnd.apache.arrow.stream", "application/vnd.apache.arrow.file"
    table = pa.table({"name": NAME, **{n: pa.array(v, pa.float64()) for n, v in NUMBERS.items()}})
    for compression in (None, "lz4", "zstd"):
        body = stream(table, compression=compression)
        case(f"pyarrow stream, {compression}", lambda: train(body, STREAM, NUMBERS, ["name"], back(NUMBERS)))
        body2 = file(table, compression=compression)
        case(f"pyarrow file, {compression}", lambda: train(body2, FILE, NUMBERS, ["name"], back(NUMBERS, ipc.open_file)))
    ints = [i % 100 for i in range(N)]
    for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(), pa.bool_(),
                 pa.float16(), pa.float32()):
        values = [bool(x % 2) for x in ints] if kind == pa.bool_() else [float(x) for x in ints] if pa.types.is_floating(kind) else ints
        body = stream(pa.table({"x": pa.array(values, kind), "a": pa.array(A)}))
        loose = 2e-3 if kind == pa.float16() else 1e-6
        case(f"pyarrow {kind}", lambda: train(
            body, STREAM, {"x": values, "a": A}, read=back(("x", "a")), tolerance=loose if pa.types.is_floating(kind) else 1e-12))
    cents = [decimal.Decimal(i * 37 % 1000) / 100 for i in range(N)]
    for kind in (pa.decimal128(10, 2), pa.decimal256(40, 2)):
        body = stream(pa.table({"x": pa.array(cents, kind)}))
        case(f"pyarrow {kind}", lambda: train(body, STREAM, {"x": [float(x) for x in cents]}, read=back(("x",))))
    coded = pa.array([float(x % 5) for x in range(N)]).dictionary_encode()
    body = stream(pa.table({"x": coded, "name": pa.array(NAME).dictionary_encode()}))
    case("pyarrow dictionaries", lambda: train(body, STREAM, {"x": [float(x % 5) for x in range(N)]}, ["name"], back(("x",))))
    views = stream(pa.table({"a": A, "name": pa.array(NAME, pa.string_view())}))
    case("pyarrow string views", lambda: train(views, STREAM, {"a": A}, ["name"], back(("a",))))
    rare = stream(pa.table({
        "a": A, "when": pa.array(WHEN), "list": pa.array([[1, 2]] * N), "struct": pa.array([{"x": 1, "y": "z"}] * N),
        "none": pa.nulls(N), "binary": pa.array([b"x"] * N), "large": pa.array(NAME, pa.large_string()),
        "map": pa.array([[("k", 1)]] * N, pa.map_(pa.string(), pa.int32()))}))

    def rare_back(text):
        got = ipc.open_stream(io.BytesIO(text)).read_all()
        sent = ipc.open_stream(io.BytesIO(rare)).read_all()
        for n in ("when", "list", "struct", "none", "binary", "large", "map"):
            require(got[n].equals(sent[n]), f"the column {n} has changed")
        return [got["a"].to_pylist()]

    case("pyarrow, columns of rare types", lambda: train(
        rare, STREAM, {"a": A}, read=rare_back,
        defined={"features": [{"name": "a"}], "extra": "keep"}))
    for kind in (pa.list_(pa.float64(), 4), pa.list_(pa.float64()), pa.large_list(pa.float32())):
        rows = [[float(i), float(i * 3 % 11), 0.5 * i, float(-i)] for i in range(N)]
        body = stream(pa.table({"e": pa.array(rows, kind)}))
        columns = {f"f{j}": [r[j] for r in rows] for j in range(4)}
        case(f"pyarrow embedding {kind}", lambda: train(body, STREAM, columns))
    out = io.BytesIO()
    pyarrow.csv.write_csv(table, out)
    case("pyarrow CSV", lambda: train(out.getvalue(), "text/csv", NUMBERS, ["name"], csv_rows))
    schema = table.schema.with_metadata({"owner": "payments"})
    body3 = stream(table.cast(schema))

    def metadata(text):
        require(ipc.open_stream(io.BytesIO(text)).schema.metadata == {b"owner": b"payments"}, "the schema's metadata is gone")
        return back(NUMBERS)(text)

    case("pyarrow metadata", lambda: train(body3, STREAM, NUMBERS, ["name"], metadata))
    case("pyarrow, a column of text for a feature", lambda: refused(
        stream(pa.table({"a": [str(x) for x in A]})), STREAM, "'a'", {"features": [{"name": "a"}]}))


def by_polars():
    pl = library("polars")
    if pl is None:
        return
    frame = pl.DataFrame({"name": NAME, "when": WHEN, **{n: pl.Series(v, dtype=pl.Float64) for n, v in NUMBERS.items()}, "ok": OK})
    left, columns = ["name", "when"], {**NUMBERS, "ok": OK}
    case("polars CSV", lambda: train(frame.write_csv().encode(), "text/csv", columns, left, csv_rows))
    case("polars CSV, null", lambda: train(frame.write_csv(null_value="null").encode(), "text/csv", columns, left, csv_rows))
    case("polars NDJSON", lambda: train(frame.write_ndjson().encode(), "application/x-ndjson", columns, left))

    def back(read):
        def rows(text):
            table = read(io.BytesIO(text))
            require(table["name"].to_list() == NAME and table["when"].to_list() == WHEN, "an extra column has changed")
            return [table[n].to_list() for n in columns]
        return rows

    for level in ("newest", "oldest"):
        compat = getattr(pl.CompatLevel, level)()
        for compression in ("uncompressed", "lz4", "zstd"):
            out = io.BytesIO()
            frame.write_ipc(out, compression=compression, compat_level=compat)
            body = out.getvalue()
            case(f"polars file, {level}, {compression}", lambda: train(
                body, "application/vnd.apache.arrow.file", columns, left, back(lambda f: pl.read_ipc(f, use_pyarrow=False))))
            out2 = io.BytesIO()
            frame.write_ipc_stream(out2, compression=compression, compat_level=compat)
            body2 = out2.getvalue()
            case(f"polars stream, {level}, {compression}", lambda: train(
                body2, "application/vnd.apache.arrow.stream", columns, left, back(pl.read_ipc_stream)))


for each in (by_csv_module, by_json_module, by_numpy, by_pandas, by_pyarrow, by_polars):
    each()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
