#!/usr/bin/env bash
# Makes the AOT cache of the image: starts the service with the given java and its options, lets it do a little of
# everything, and stops it, upon which the JVM writes the classes it has loaded and the profiles it has taken.
#
#   rehearse.sh CACHE java OPTION... -jar evenkeel.jar
set -euo pipefail
cache=$1
shift
java=$1
shift
port=18080
store=$(mktemp -d)
requests=$(mktemp)
D=64

"$java" "-XX:AOTCacheOutput=$cache" "$@" "--server.port=$port" --server.address=127.0.0.1 \
  "--evenkeel.store.directory=$store" &
service=$!
trap '{ kill -9 $service || true; } 2> /dev/null; rm -rf "$store" "$requests"' EXIT

# call STATUS METHOD PATH [TYPE BODY]
call() {
  local body=${5:-}
  exec 3<> "/dev/tcp/127.0.0.1/$port"
  printf '%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s' \
    "$2" "$3" "${4:-application/json}" "${#body}" "$body" >&3
  local answer status
  answer=$(tr -d '\0' <&3)
  exec 3>&-
  status=${answer#* }
  [ "${status%% *}" = "$1" ] || { echo "$2 $3 was answered $answer" >&2; exit 1; }
}

for _ in $(seq 600); do
  if (call 200 GET /readyz) 2> /dev/null; then break; fi
  kill -0 $service || exit 1
  sleep 0.1
done

API=/api/v1/normalizers/rehearsal
row=$(seq -s, 0.123456789 0.9 $D | cut -d, -f-$D)
columns=$(seq -s, $D | sed 's/[0-9]*/f&/g' | cut -d, -f-$D)
names=$(seq -s, $D | sed 's/[0-9]*/{"name":"f&"}/g')
json="{\"rows\":[$(for i in $(seq 20); do printf '[%s],' "${row//0.1/$i.1}"; done | sed 's/,$//')]}"
csv=$columns$'\n'$row$'\n'$row
call 201 PUT $API application/json "{\"features\":[$names]}"
for _ in $(seq 40); do
  call 200 POST "$API:normalize?mode=training" application/json "$json"
  call 200 POST "$API:normalize" application/json "{\"rows\":[[$row]]}"
  call 200 POST "$API:normalize?mode=training" text/csv "$csv"
  call 422 POST "$API:normalize" application/json '{"rows":[[1]]}'
done
call 400 POST "$API:normalize" application/json '{'
call 404 GET /api/v1/normalizers/nobody
for path in $API $API/statistics /api/v1/normalizers /actuator/health /actuator/prometheus /livez; do
  call 200 GET $path
done

# burst COUNT METHOD PATH TYPE BODY: COUNT connections with a hundred requests each. So the methods that every batch runs
# are called often enough for the compiler to know all of them.
burst() {
  local head
  printf -v head '%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n' "$2" "$3" "$4" "${#5}"
  {
    for _ in $(seq 99); do printf '%s\r\n%s' "$head" "$5"; done
    printf '%sConnection: close\r\n\r\n%s' "$head" "$5"
  } > "$requests"
  for _ in $(seq "$1"); do
    exec 3<> "/dev/tcp/127.0.0.1/$port"
    cat "$requests" >&3 &
    [ "$(grep -a -o 'HTTP/1.1 200' <&3 | wc -l)" = 100 ] || { echo "$2 $3 was refused in a burst" >&2; exit 1; }
    wait $!
    exec 3>&-
  done
}

burst 300 POST "$API:normalize" application/json "{\"rows\":[[$row]]}"
burst 20 POST "$API:normalize?mode=training" application/json "$json"
call 200 POST "/api/v1/admin/normalizers/rehearsal:freeze" application/json '{"reason":"rehearsed"}'

kill $service
wait $service || true
[ -s "$cache" ]
