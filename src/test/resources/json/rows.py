"""Writes the JSON files of this directory as their usual writers do, and prints the versions.

The rows are those of `ROWS` below: two features, a boolean, a text and a gap. Needs pandas, polars
and jq; run it in this directory.
"""

import json
import math
import subprocess

import pandas
import polars

ROWS = {
    "id": ["A-17", "B \"2\"", "Ü,3"],
    "amount": [120.5, 80.25, 1e-7],
    "count": [31, 9007199254740992, -4],
    "paid": [True, False, True],
    "gap": [1.5, None, 2.5],
}

frame = pandas.DataFrame(ROWS)
numbers = frame[["amount", "count", "paid", "gap"]]
frame.to_json("pandas-records.json", orient="records", double_precision=15)
frame.to_json("pandas-lines.ndjson", orient="records", lines=True, double_precision=15)
numbers.to_json("pandas-values.json", orient="values", double_precision=15)
frame.to_json("pandas-split.json", orient="split", double_precision=15)
frame.to_json("pandas-default.json", double_precision=15)

table = polars.DataFrame(ROWS)
table.write_json("polars.json")
table.write_ndjson("polars.ndjson")

with open("python-columns.json", "w") as file:
    json.dump({"columns": {name: ROWS[name] for name in ["amount", "count", "paid", "gap"]}}, file)
with open("python-indented.json", "w") as file:
    json.dump([dict(zip(ROWS, row)) for row in zip(*ROWS.values())], file, indent=2)
with open("python-nan.json", "w") as file:
    json.dump([[1.5, math.nan], [2.5, math.inf]], file)
with open("python-repr.txt", "w") as file:
    file.write(str([{"amount": 1.5, "paid": True}]))

for name, options in {"jq-lines.ndjson": ["-c", ".[]"], "jq-pretty.json": [".[]"]}.items():
    with open(name, "w") as file:
        subprocess.run(["jq", *options, "python-indented.json"], stdout=file, check=True)

print("pandas", pandas.__version__, "polars", polars.__version__)
