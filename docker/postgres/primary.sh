#!/usr/bin/env bash
# Runs once, when the primary's folder is new: makes the user and the database of the replicas, lets the standby in,
# and waits for the standby with each commit from then on.
set -euo pipefail
password=$(cat "$POSTGRES_PASSWORD_FILE")

# A password on the command line would be seen by everybody on the machine.
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" << END
CREATE ROLE evenkeel LOGIN PASSWORD '${password//\'/\'\'}';
CREATE DATABASE evenkeel OWNER evenkeel TEMPLATE template0 ENCODING 'UTF8';
CREATE ROLE standby LOGIN REPLICATION PASSWORD '${password//\'/\'\'}';
END
echo "host replication standby all scram-sha-256" >> "$PGDATA/pg_hba.conf"
# Last, since it also holds for the commands above. On the disk of the standby, not only on its way there.
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" << END
ALTER SYSTEM SET synchronous_commit = 'on';
ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (standby)';
END
