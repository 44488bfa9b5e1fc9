#!/bin/sh
# Starts the supervisor again whenever it is killed; ends when the supervisor ends by itself (`down`).
# Arguments: a Python, the supervisor's configuration, the home. Kept this small so that it has no reason to die.
umask 077
while :; do
  "$1" -m dfworx.cli.parts.supervise "$2" "$3" && exit 0
  # A supervisor that can't even start must not spin. Not every sleep knows fractions.
  sleep 0.2 2>/dev/null || sleep 1
done
