#!/bin/sh
# `make e2e`: the browser suite against the whole platform. It builds what has changed, starts a stack of its own (its own
# ports and its own folder of state, new for every run), and stops it at the end. Arguments go to Playwright.
#   E2E_PORT_OFFSET   how far its ports lie above the usual ones (10000)
#   E2E_DATA          the folder of its state (.data/e2e)
set -eu
cd "$(dirname "$0")/.."
tools=$(scripts/node.sh)
export PATH="$tools:$PATH" NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
export E2E_PORT_OFFSET="${E2E_PORT_OFFSET:-10000}" E2E_DATA="${E2E_DATA:-$PWD/.data/e2e}"

stack=
stop_stack() {
  if [ -n "$stack" ]; then
    kill "$stack" 2>/dev/null || true
    wait "$stack" 2>/dev/null || true
    stack=
  fi
}
trap stop_stack EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

start_stack() {
  rm -rf "$E2E_DATA"
  mkdir -p "$E2E_DATA"
  # An environment of its own: no service of the person who runs this, no key of a vendor. Many people sign in from one
  # address here, so the limits are wide; the name server of the suite answers for domains.
  env -i PATH="$PATH" HOME="$HOME" ${LANG:+LANG="$LANG"} ${RESTARTIX_CACHE:+RESTARTIX_CACHE="$RESTARTIX_CACHE"} \
    ${GOPROXY:+GOPROXY="$GOPROXY"} ${GOFLAGS:+GOFLAGS="$GOFLAGS"} ${GOCACHE:+GOCACHE="$GOCACHE"} ${GOMODCACHE:+GOMODCACHE="$GOMODCACHE"} \
    ${npm_config_registry:+npm_config_registry="$npm_config_registry"} \
    LIMITS_FILE="$PWD/e2e/limits.json" DNS_RESOLVER="127.0.0.1:$((9053 + E2E_PORT_OFFSET))" \
    bin/restartix up --data "$E2E_DATA" --port-offset "$E2E_PORT_OFFSET" >"$E2E_DATA/up.log" 2>&1 &
  stack=$!
  waited=0
  while ! grep -q 'Ctrl-C stops everything' "$E2E_DATA/up.log"; do
    if ! kill -0 "$stack" 2>/dev/null || [ "$waited" -ge 4500 ]; then
      cat "$E2E_DATA/up.log" >&2
      return 1
    fi
    sleep 0.2
    waited=$((waited + 1))
  done
}

go build -o bin/restartix ./cmd/restartix
pnpm install --frozen-lockfile >/dev/null
start_stack
export E2E_STACK_PID="$stack"
cd e2e
pnpm exec playwright test "$@"
