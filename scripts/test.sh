#!/bin/sh
# `make test`: everything that must be green before a change lands. Each step prints its time; the first that fails
# ends the run. The services it starts are its own and are stopped at its end.
set -eu
cd "$(dirname "$0")/.."

step_began=0
step() { # name, command...
  name=$1; shift
  step_began=$(date +%s)
  echo "==> $name"
  if "$@"; then
    echo "<== $name: ok, $(($(date +%s) - step_began)) s"
  else
    status=$?
    echo "<== $name: FAILED, $(($(date +%s) - step_began)) s" >&2
    exit "$status"
  fi
}

services=
stop_services() {
  if [ -n "$services" ]; then
    kill "$services" 2>/dev/null || true
    wait "$services" 2>/dev/null || true
    services=
  fi
}
trap stop_services EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

start_services() {
  mkdir -p .data/logs
  rm -f .data/test.env
  bin/restartix services >.data/logs/services.log 2>&1 &
  services=$!
  waited=0
  while [ ! -e .data/test.env ]; do
    if ! kill -0 "$services" 2>/dev/null || [ "$waited" -ge 600 ]; then
      cat .data/logs/services.log >&2
      return 1
    fi
    sleep 0.2
    waited=$((waited + 1))
  done
  set -a
  . ./.data/test.env
  set +a
}

go_packages() { go list ./... | grep -v /node_modules/; } # npm packages may carry Go files
vet() { go vet $(go_packages); }
# The whole output goes to a log; what people read is one line per package, every FIGURE, and the tail of what failed.
gotest() {
  mkdir -p .data/logs
  log=.data/logs/gotest.log
  status=0
  go test -race -p 1 -timeout 30m -v $(go_packages) >"$log" 2>&1 || status=$?
  grep -E '^(ok|FAIL|panic:)|^--- FAIL|no test files' "$log" | grep -v 'no test files' || true
  grep -E '^FIGURE ' "$log" | sort -u -k2,2 || true
  echo "$(grep -c '^ *--- PASS' "$log" || true) passed, $(grep -c '^ *--- FAIL' "$log" || true) failed, $(grep -c '^ *--- SKIP' "$log" || true) skipped"
  if grep -qE '^FIGURE .* fail$' "$log"; then
    echo "a figure failed" >&2
    status=1
  fi
  if [ "$status" -ne 0 ]; then grep -nE -B2 -A25 '^ *--- FAIL|^panic:|DATA RACE|build failed' "$log" | tail -n 300 >&2; fi
  return "$status"
}

# Memory is measured without the race detector, which multiplies it.
memory() {
  go test -count=1 -timeout 10m -v -run '^TestFigurePF13' ./internal/proof >.data/logs/memory.log 2>&1 || { cat .data/logs/memory.log >&2; return 1; }
  grep '^FIGURE ' .data/logs/memory.log
}

# The journeys, against a platform of their own. Its log is read for leaks too.
browser() {
  log=.data/logs/browser.log
  status=0
  scripts/e2e.sh >"$log" 2>&1 || status=$?
  if grep -qE '^FIGURE .* fail$' "$log"; then status=1; fi
  grep -E '^FIGURE ' "$log" | sort -u -k2,2 || true
  grep -E '^ +[0-9]+ (passed|failed|skipped|flaky|did not run)' "$log" || true
  if [ "$status" -ne 0 ]; then tail -n 200 "$log" >&2; fi
  return "$status"
}

step "packages of the system" scripts/apt.sh
tools=$(scripts/node.sh)
export PATH="$tools:$PATH"
step "build" go build -o bin/ ./cmd/...
step "services" start_services
step "go vet" vet
step "lint of Go (figures X-1, X-2)" scripts/lint.sh --go
step "secrets in the history (figure X-3)" scripts/secrets.sh
step "memory figures" memory
if [ -e pnpm-workspace.yaml ]; then
  export NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1
  step "pnpm install" pnpm install --frozen-lockfile
  step "web lint" pnpm run lint
  step "web typecheck" pnpm run typecheck
  step "web test" pnpm run test
  step "browser suite" browser
fi
step "go test -race" gotest
leaks() { scripts/leaks.sh .data/logs/*.log; }
step "leaks in what the suite left behind" leaks
echo "All green."
