#!/bin/sh
# `make load`: the figures of performance. It runs a stack of its own beside whatever runs (services on shifted ports, state in .data/load),
# compares the Core API with a bare handler, measures how it starts and rests, and then sends the k6 scripts of load/ at it. With
# BASE_URL and DEMO (its file of demo sign-ins) only the k6 scripts run, against that platform. What it prints is kept in load/results/
# and compared with the baseline there. load/README.md says what each line means.
set -eu
cd "$(dirname "$0")/.."

k6_program=$(scripts/tool.sh k6 go.k6.io/k6 v1.8.1)

started=
cleanup() {
  for pid in $started; do kill "$pid" 2>/dev/null || true; done
  for pid in $started; do wait "$pid" 2>/dev/null || true; done
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir -p load/results .data/load
result=load/results/$(date -u +%Y-%m-%d).txt
status=0
own= # set when the platform is the stack of this script, whose tables may be written to
machine="$(nproc) cores, $(. /etc/os-release 2>/dev/null && echo "$NAME $VERSION_ID" || uname -sr)"
echo "Date $(date -u +%Y-%m-%d), machine $machine, load before $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown)" | tee "$result"

# Prints the one line of a script; what else k6 has to say goes to standard error.
k6() {
  script=$1
  shift
  "$k6_program" run --quiet --no-usage-report -e BASE_URL="$BASE_URL" -e DEMO="$(realpath "$DEMO")" "$@" "load/$script.js"
}

scripts_of_k6() {
  failed=0
  k6 me || failed=1
  k6 organizations || failed=1
  if [ -n "$own" ]; then
    k6 availability -e DURATION=1s >/dev/null || failed=1 # makes the clinic that is filled
    bin/figures -fill || failed=1
  fi
  full=$(k6 availability) || failed=1
  echo "$full"
  rate=$(expr "$full" : '.*rate=\([0-9]*\)') || rate=2
  k6 availability -e RATE="$((rate / 2 > 0 ? rate / 2 : 1))" || failed=1
  k6 booking || failed=1
  return "$failed"
}

if [ -z "${BASE_URL:-}" ]; then
  go build -o bin/ ./cmd/...
  go build -o bin/figures ./load/figures
  rm -f .data/load/up.env
  bin/restartix up --data .data/load --port-offset 350 --only=postgres,redis,s3,mail --no-build >.data/load/stack.log 2>&1 &
  stack=$!
  started=$stack
  while [ ! -e .data/load/up.env ]; do
    kill -0 "$stack" 2>/dev/null || { cat .data/load/stack.log >&2; exit 1; }
    sleep 0.2
  done
  set -a; . ./.data/load/up.env; set +a
  own=yes
  DEMO=.data/load/demo.json
  bin/figures -api bin/api -demo "$DEMO" >.data/load/figures.txt || status=1
  tee -a "$result" <.data/load/figures.txt

  export LIMITS_FILE=load/limits.json API_ADDR=127.0.0.1:9350 BASE_URL=http://127.0.0.1:9350
  bin/api >.data/load/api.log 2>&1 &
  started="$! $started"
  until curl -fsS "$BASE_URL/ready" >/dev/null 2>&1; do sleep 0.2; done
fi
scripts_of_k6 >.data/load/k6.txt || status=1
tee -a "$result" <.data/load/k6.txt
if [ -e load/results/baseline.txt ] && [ -x bin/figures ]; then
  bin/figures -baseline load/results/baseline.txt -run "$result" || status=1
fi
echo "Kept in $result."
exit "$status"
