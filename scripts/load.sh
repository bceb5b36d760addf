#!/bin/sh
# `make load`: every k6 script in load/, against the platform that runs.
set -eu
cd "$(dirname "$0")/.."
if ! command -v k6 >/dev/null; then
  echo "k6 is not in PATH: go install go.k6.io/k6@v1.8.1" >&2
  exit 1
fi
found=
for script in load/*.js; do
  [ -e "$script" ] || continue
  found=yes
  echo "==> $script"
  k6 run --quiet "$script"
done
[ -n "$found" ] || { echo "There is no script in load/." >&2; exit 1; }
