#!/bin/sh
# Makes the namespace that the worker uses, unless it is there. Closed runs of a path stay readable for 30 days;
# the record is PostgreSQL. TEMPORAL_ADDRESS is set.
set -eu

attempts=30
until temporal operator cluster health; do
    attempts=$((attempts - 1))
    [ "$attempts" -gt 0 ] || exit 1
    sleep 2
done
temporal operator namespace describe --namespace default >/dev/null 2>&1 ||
    temporal operator namespace create --namespace default --retention 30d
