#!/bin/sh
# nightly.sh [FIGURE]: the figures of tier N in full. A test that is long says so by asking for NIGHTLY; FIG names one
# figure, as its test does (O-1 is TestFigureO1). The whole output is kept in load/results/, the figures are printed.
set -eu
cd "$(dirname "$0")/.."
export NIGHTLY=1
FIG="${1:-}"
mkdir -p load/results
result=load/results/nightly-$(date -u +%Y-%m-%d)${FIG:+-$FIG}.txt
status=0
scripts/with-env.sh .data/test.env go test -count=1 -timeout 4h -v \
  ${FIG:+-run "^TestFigure$(echo "$FIG" | tr -d -)(\$|_)"} ./... >"$result" 2>&1 || status=$?
if ! grep '^FIGURE ' "$result"; then
  echo "no test printed ${FIG:-a figure}" >&2
  status=1
fi
echo "The whole output is in $result."
exit "$status"
