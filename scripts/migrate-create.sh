#!/bin/sh
# migrate-create.sh NAME: the next numbered pair in migrations/.
set -eu
cd "$(dirname "$0")/.."
name=${1:-}
case $name in
  '' | *[!a-z0-9_]*) echo "Give a name of lower-case letters, digits and _: make migrate-create NAME=appointments" >&2; exit 1 ;;
esac
last=$(find migrations -maxdepth 1 -name '[0-9]*.up.sql' -exec basename {} \; | sort | tail -n 1 | cut -d _ -f 1)
number=$(printf '%06d' "$(($(echo "${last:-0}" | sed 's/^0*//; s/^$/0/') + 1))")
for direction in up down; do
  file=migrations/${number}_$name.$direction.sql
  echo "-- Why this migration exists." >"$file"
  echo "$file"
done
