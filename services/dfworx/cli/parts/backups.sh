#!/bin/sh
# Asks every ten minutes whether a backup is due, and takes it then. A shell that sleeps, since a Python that sleeps
# would take forty megabytes. Argument: a Python.
child=
trap 'kill "$child" 2>/dev/null; exit 0' TERM INT
while :; do
  "$1" -m dfworx.cli.main backup due &
  child=$!
  wait "$child"
  sleep 600 &
  child=$!
  wait "$child"
done
