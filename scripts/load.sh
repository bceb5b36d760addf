#!/bin/sh
# `make load`: the figures of performance. It runs a stack of its own beside whatever runs (services on shifted ports, state in .data/load),
# compares the Core API with a bare handler, measures how it starts and rests, and then sends the k6 scripts of load/ at it. With
# BASE_URL and DEMO (its file of demo sign-ins) only the k6 scripts run, against that platform. What it prints is kept in load/results/.
set -eu
cd "$(dirname "$0")/.."

# Built once per version (some minutes) and kept outside the repository.
tools=${LINT_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/restartix/tools}
k6_version=v1.8.1
if [ ! -x "$tools/$k6_version/k6" ]; then
  echo "building k6 $k6_version (once)" >&2
  mkdir -p "$tools/$k6_version"
  GOBIN="$tools/$k6_version" GOFLAGS=-buildvcs=false go install "go.k6.io/k6@$k6_version"
fi

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

scripts_of_k6() {
  for script in load/*.js; do
    echo "==> $script"
    "$tools/$k6_version/k6" run --quiet --no-usage-report --summary-mode=compact -e BASE_URL="$BASE_URL" -e DEMO="$(realpath "$DEMO")" "$script" || status=1
  done
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
  DEMO=.data/load/demo.json
  bin/figures -api bin/api -demo "$DEMO" >"$result" || status=1
  cat "$result"

  export LIMITS_FILE=load/limits.json API_ADDR=127.0.0.1:9350 BASE_URL=http://127.0.0.1:9350
  bin/api >.data/load/api.log 2>&1 &
  started="$! $started"
  until curl -fsS "$BASE_URL/ready" >/dev/null 2>&1; do sleep 0.2; done
fi
scripts_of_k6 | tee -a "$result"
echo "Kept in $result."
exit "$status"
