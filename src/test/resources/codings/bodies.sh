#!/bin/sh
# Makes the coded bodies beside it with the programs that people code bodies with:
# gzip 1.12, zstd 1.5.4, zlib of Python 3.11.
set -eu
cd "$(dirname "$0")"
awk 'BEGIN { print "a,b"; for (i = 0; i < 500; i++) print i "," i * 0.25 - 60 }' > rows.csv
gzip -9 -k -f rows.csv                                    # with a name and a time
python3 -c 'import sys, zlib; sys.stdout.buffer.write(zlib.compress(sys.stdin.buffer.read()))' < rows.csv > rows.csv.zz
{ head -n 250 rows.csv | gzip; tail -n +251 rows.csv | gzip; } > members.gz
zstd -q -f -19 rows.csv -o rows.csv.zst                   # one segment, a checksum
zstd -q -c --no-check < rows.csv > stream.zst             # of unknown length: a window
{ head -n 250 rows.csv | zstd -q -c; printf '\120\052\115\030\003\000\000\000abc'; tail -n +251 rows.csv | zstd -q -c; } > frames.zst
zstd -q -c --long=27 < rows.csv > long.zst                # a window of 128 MB
