#!/bin/sh
# Brings Temporal's two databases to the schema of this version; a second run finds nothing to do. SQL_PASSWORD is set.
set -eu

for part in temporal visibility; do
    database=temporal
    [ "$part" = temporal ] || database=temporal_visibility
    sql() {
        temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal --database "$database" "$@"
    }
    sql setup-schema --version 0.0
    sql update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$part/versioned"
done
