#!/usr/bin/env bash
# Copies the primary if this folder is empty, and follows it. PRIMARY is its host, PRIMARY_PORT its port.
set -euo pipefail
passwords=$(mktemp)
printf '*:*:*:standby:%s\n' "$(sed 's/[\\:]/\\&/g' "${PASSWORD_FILE:-/run/secrets/database-password}")" > "$passwords"
export PGPASSFILE=$passwords

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # a copy that was broken off
  find "$PGDATA" -mindepth 1 -delete
  until pg_basebackup --host="$PRIMARY" --port="${PRIMARY_PORT:-5432}" --username=standby --no-password \
    --pgdata="$PGDATA" --wal-method=stream --write-recovery-conf --checkpoint=fast; do
    echo "The primary cannot be copied yet; trying again." >&2
    find "$PGDATA" -mindepth 1 -delete
    sleep 1
  done
  chmod 0700 "$PGDATA"
fi
# The primary knows it by the name of its cluster. Promoted, it has no standby that it could wait for.
exec postgres -D "$PGDATA" -c cluster_name=standby -c synchronous_standby_names= \
  -c primary_conninfo="host=$PRIMARY port=${PRIMARY_PORT:-5432} user=standby passfile=$passwords" "$@"
