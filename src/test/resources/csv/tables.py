"""Writes the CSV files of this directory and tables.json, which says what they hold.

Every file is written by the tool that its name begins with; `hand` files are written here byte by byte, those of R as
write.csv, write.csv2 and write.table write them. The cells of tables.json are the decimals as they stand in the file;
mean and variance (unbiased) are exact fractions, rounded once.

    pip install pandas polars numpy pyarrow && python tables.py     # pandas 3.0.6, polars 1.44.2, numpy 2.4.6
"""
import csv, io, json, math
from fractions import Fraction
from pathlib import Path

import numpy, pandas, polars

HERE = Path(__file__).parent
NAMES = ["Länge, cm", "width", "temp|°C"]
ROWS = [["47.827", "-319.148", "1.866"], ["50.383", "-296.658", "-5.94"], ["50.65", "-320.405", "1.085"],
        ["0.1", "0.0", "-2.447"], ["51.759", "-290.361", "2.842"], ["1e-07", "-294.119", "-4.371"],
        ["46.99", "123456789.25", "0.554"], ["47.591", "-293.492", "0.319"], ["49.407", "-310.261", "5.828"]]
GAPS = [[None if (3 * i + j) % 7 == 3 else x for j, x in enumerate(row)] for i, row in enumerate(ROWS)]
SPECIES = ["setosa", "Braund, Mr. O", "he said \"hi\"", "two\nlines", "a;b", "d|e\tf", "éß", "", "setosa"]
WHEN = ["2024-03-%02d 00:00:00" % (i + 1) for i in range(len(ROWS))]
cases = []


def statistics(column):
    values = [Fraction(float(x)) for x in column if x is not None]
    mean = sum(values) / len(values)
    variance = sum((x - mean) ** 2 for x in values) / (len(values) - 1)
    return {"count": len(values), "mean": float(mean), "variance": float(variance),
            "min": float(min(values)), "max": float(max(values))}


def case(file, kind, data, names=NAMES, rows=ROWS, left=(), sampled=None, **more):
    (HERE / file).write_bytes(data.encode() if isinstance(data, str) else data)
    cases.append({"file": file, "type": kind, "features": names, "left": list(left), "rows": rows,
                  "statistics": [statistics(column) for column in zip(*rows)], **more})


def refused(file, kind, data, says, names=NAMES):
    (HERE / file).write_bytes(data.encode() if isinstance(data, str) else data)
    cases.append({"file": file, "type": kind, "features": names, "refused": says})


def frame(rows=ROWS):
    return pandas.DataFrame({n: [None if r[j] is None else float(r[j]) for r in rows] for j, n in enumerate(NAMES)})


def by_pandas(rows=ROWS, encoding="utf-8", table=None, **how):
    out = io.BytesIO()
    (frame(rows) if table is None else table).to_csv(out, encoding=encoding, **{"index": False, **how})
    return out.getvalue()


case("pandas.csv", "text/csv", by_pandas())
case("pandas-index.csv", "text/csv", by_pandas(index=True), left=[""])
mixed = frame()
mixed.insert(1, "species", SPECIES)
mixed.insert(2, "when", pandas.to_datetime(WHEN))
case("pandas-mixed.csv", "text/csv", by_pandas(table=mixed, index=True), left=["", "species", "when"])
case("pandas-mixed-tabs.tsv", "text/tab-separated-values", by_pandas(table=mixed, sep="\t"), left=["species", "when"])
case("pandas-mixed-pipes.csv", 'text/csv;delimiter="|"', by_pandas(table=mixed, sep="|"), left=["species", "when"])
case("pandas-tab-named.csv", "text/csv; delimiter=tab", by_pandas(sep="\t"))
case("pandas-semicolons.csv", 'text/csv;delimiter=";";decimal=","', by_pandas(sep=";", decimal=","))
case("pandas-colons.csv", 'text/csv; delimiter=":"', by_pandas(sep=":"))
case("pandas-blanks.csv", 'text/csv; delimiter=" "', by_pandas(sep=" "))
case("pandas-utf16.csv", "text/csv;charset=utf-16", by_pandas(encoding="utf-16"))
case("pandas-utf16-crlf.csv", 'text/csv;charset=UTF-16;delimiter=";"',
     by_pandas(encoding="utf-16", sep=";", lineterminator="\r\n"))
case("pandas-utf16le.csv", "text/csv;charset=utf-16le", by_pandas(encoding="utf-16-le"))
case("pandas-utf16be.csv", "text/csv;charset=utf-16be", by_pandas(encoding="utf-16-be"))
case("pandas-utf16be-unmarked.csv", "text/csv;charset=utf-16", by_pandas(encoding="utf-16-be"))
case("pandas-latin1.csv", "text/csv;charset=iso-8859-1", by_pandas(encoding="latin-1"))
case("pandas-windows.csv", 'text/csv;charset="windows-1252"', by_pandas(encoding="cp1252"))
case("pandas-marked.csv", "text/csv", by_pandas(encoding="utf-8-sig", quoting=csv.QUOTE_ALL))
case("pandas-crlf.csv", "text/csv", by_pandas(lineterminator="\r\n"))
case("pandas-nonnumeric.csv", "text/csv", by_pandas(table=mixed, quoting=csv.QUOTE_NONNUMERIC), left=["species", "when"])
case("pandas-headerless.csv", "text/csv;header=absent", by_pandas(header=False), named=False)
case("pandas-gaps.csv", "text/csv", by_pandas(GAPS), rows=GAPS)
for name, mark in {"na": "NA", "nan": "NaN", "question": "?", "dash": "-", "sql": "\\N", "null": "NULL"}.items():
    case(f"pandas-gaps-{name}.csv", "text/csv", by_pandas(GAPS, na_rep=mark), rows=GAPS)
case("pandas-gaps-quoted.csv", "text/csv", by_pandas(GAPS, na_rep="NA", quoting=csv.QUOTE_ALL), rows=GAPS)
one = pandas.DataFrame({"x": [1.5, None, -2.25, None, 8]})
case("pandas-one-column.csv", "text/csv", by_pandas(table=one), ["x"], [["1.5"], [None], ["-2.25"], [None], ["8.0"]])
truths = pandas.DataFrame({"ok": [True, False, True, True], "n": [1, 2, 3, 4]})
case("pandas-truths.csv", "text/csv", by_pandas(table=truths), ["ok", "n"],
     [["1", "1"], ["0", "2"], ["1", "3"], ["1", "4"]])
numbered = pandas.DataFrame(numpy.array([[1.5, 2.5, 3.5], [4, 5, 7]]))
case("pandas-numbered.csv", "text/csv", by_pandas(table=numbered, index=True), ["0", "1", "2"],
     [["1.5", "2.5", "3.5"], ["4.0", "5.0", "7.0"]], left=[""])
refused("pandas-unannounced-header.csv", "text/csv", by_pandas(header=False), ["header=absent"])
refused("pandas-unannounced-semicolons.csv", "text/csv", by_pandas(sep=";", decimal=","), ["delimiter=\";\""])
refused("pandas-unannounced-pipes.csv", "text/csv",
        by_pandas(sep="|", quoting=csv.QUOTE_ALL), ["delimiter=\"|\""])
refused("pandas-unannounced-tabs.csv", "text/csv", by_pandas(table=frame()[["width"]].assign(b=1), sep="\t"),
        ["text/tab-separated-values"], ["width", "b"])
refused("pandas-unannounced-decimal.csv", 'text/csv;delimiter=";"', by_pandas(sep=";", decimal=","), ['decimal=","'])
refused("pandas-unannounced-utf16.csv", "text/csv", by_pandas(encoding="utf-16"), ["charset=utf-16"])
refused("pandas-unannounced-utf16le.csv", "text/csv;charset=utf-16", by_pandas(encoding="utf-16-le"), ["charset=utf-16le"])
refused("pandas-unannounced-utf16be.csv", "text/csv", by_pandas(encoding="utf-16-be"), ["charset=utf-16be"])
refused("pandas-unannounced-latin1.csv", "text/csv", by_pandas(encoding="latin-1"), ["charset=iso-8859-1"])
refused("pandas-announced-header.csv", "text/csv;header=absent", by_pandas(), ["header=absent"])


def by_polars(rows=ROWS, **how):
    return polars.from_pandas(frame(rows)).write_csv(**how)


case("polars.csv", "text/csv", by_polars())
case("polars-semicolons.csv", 'text/csv;delimiter=";";decimal=","', by_polars(separator=";", decimal_comma=True))
case("polars-quoted.csv", "text/csv", by_polars(quote_style="always", include_bom=True, line_terminator="\r\n"))
case("polars-gaps.csv", "text/csv", by_polars(GAPS), rows=GAPS)
case("polars-gaps-null.csv", "text/csv", by_polars(GAPS, null_value="null"), rows=GAPS)


def by_numpy(**how):
    out = io.BytesIO()
    numpy.savetxt(out, numpy.array([[float(x) for x in row] for row in ROWS]), encoding="utf-8", **how)
    return out.getvalue()


case("numpy.csv", 'text/csv;header=absent;delimiter=" "', by_numpy(), named=False)
case("numpy-header.csv", 'text/csv;delimiter=";"', by_numpy(delimiter=";", header=";".join(NAMES), comments=""))
refused("numpy-unannounced.csv", "text/csv", by_numpy(), ["delimiter=\" \""], ["a"])
case("numpy-comment.csv", "text/csv", by_numpy(delimiter=",", header="a,b,c"), ["a", "b", "c"])


def by_csv(dialect, table, **how):
    out = io.StringIO(newline="")
    csv.writer(out, dialect, **how).writerows(table)
    return out.getvalue()


case("python-excel.csv", "text/csv", by_csv("excel", [NAMES] + ROWS))
case("python-tabs.tsv", "text/tab-separated-values;header=present", by_csv("excel-tab", [NAMES] + ROWS))
case("python-unix.csv", "text/csv", by_csv("unix", [NAMES] + ROWS))
case("python-gaps.csv", "text/csv", by_csv("excel", [NAMES] + GAPS), rows=GAPS)


def by_r(rows, sep=",", decimal=".", corner='""' + ",", na="NA"):
    def cell(x):
        return na if x is None else x.replace(".", decimal)
    lines = [corner + sep.join('"' + n + '"' for n in NAMES + ["ok"])]
    lines += [sep.join([f'"{i + 1}"'] + [cell(x) for x in row] + ["TRUE" if i % 2 else "FALSE"])
              for i, row in enumerate(rows)]
    return "\n".join(lines) + "\n"


with_ok = [row + [str(i % 2)] for i, row in enumerate(GAPS)]
case("r-csv.csv", "text/csv", by_r(GAPS), NAMES + ["ok"], with_ok, left=[""])
case("r-csv2.csv", 'text/csv;delimiter=";";decimal=","', by_r(GAPS, ";", ",", '"";'), NAMES + ["ok"], with_ok, left=[""])
refused("r-table.csv", 'text/csv;delimiter=" "', by_r(GAPS, " ", ".", ""), ["row names"], NAMES + ["ok"])
refused("r-table-unannounced.csv", "text/csv", by_r(GAPS, " ", ".", ""), ["delimiter=\" \""], NAMES + ["ok"])

plain = [NAMES[1:]] + [row[1:] for row in ROWS]
two = {"names": NAMES[1:], "rows": [row[1:] for row in ROWS]}
case("hand-blanks.csv", "text/csv", "\n".join(" ,\t ".join(r) + "  " for r in plain) + "\n", **two)
case("hand-quoted-blanks.csv", "text/csv", "\n".join('  "' + '" , "'.join(r) + '"\t' for r in plain), **two)
case("hand-blank-lines.csv", "text/csv", "\n\r\n" + "\n  \n\n".join(",".join(r) for r in plain) + "\n\n \n", **two)
case("hand-trailing.csv", "text/csv", "\n".join(",".join(r) + "," for r in plain) + "\n", left=[""], **two)
case("hand-unnamed.csv", "text/csv", "\n".join(f'{"" if r is plain[0] else 7},' + ",".join(r) + "," for r in plain),
     left=["", ""], **two)
case("hand-one-column.csv", "text/csv", "\nx\n\n1\n\n\n-2.5\n3\n\n\n", ["x"],
     [[None], ["1"], [None], [None], ["-2.5"], ["3"]])
case("hand-spreadsheet.csv", 'text/csv;delimiter=";"', "sep=;\r\n" + "\r\n".join(";".join(r) for r in plain), **two)
case("hand-constant.csv", "text/csv", "\n".join(",".join(r + ["unit" if r is plain[0] else "kg"]) for r in plain),
     left=["unit"], **two)
refused("hand-unannounced-spreadsheet.csv", "text/csv", "sep=;\n" + "\n".join(";".join(r) for r in plain),
        ["delimiter=\";\""], NAMES[1:])
refused("hand-mac.csv", "text/csv", "\r".join(",".join(r) for r in plain), ["LF or CRLF"], NAMES[1:])
refused("hand-iris.csv", "text/csv", "5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.4,0.2,Iris-setosa\n", ["header=absent"], ["a"])
refused("hand-twice.csv", "text/csv", "a,b,a\n1,2,3\n", ["'a'", "rename"], ["a", "b"])
refused("hand-ragged.csv", "text/csv", "a,b\n1,2\n3\n", ["The row has 1 value"], ["a", "b"])
refused("hand-array.json", "text/csv", json.dumps([[1, 2], [3, 4]]), ["application/json"], ["a", "b"])
refused("hand-object.json", "text/csv", json.dumps({"rows": [[1, 2]]}, indent=2), ["application/json"], ["a", "b"])

(HERE / "tables.json").write_text(json.dumps(cases, indent=1, ensure_ascii=True) + "\n")
print(len(cases), "files")
