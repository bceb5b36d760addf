#!/bin/sh
# `make up`: the pinned Node.js, the operator's command, and then the stack. Arguments go to `restartix up`.
set -eu
cd "$(dirname "$0")/.."

if ! command -v go >/dev/null; then
  echo "Go is not in PATH: install Go 1.26 or newer from https://go.dev/dl" >&2
  exit 1
fi
tools=$(scripts/node.sh)
export PATH="$tools:$PATH"

if [ -e .env ]; then set -a; . ./.env; set +a; fi

ahead=
stop_ahead() { if [ -n "$ahead" ]; then kill "$ahead" 2>/dev/null || true; ahead=; fi; }
trap 'stop_ahead; exit 130' INT
trap 'stop_ahead; exit 143' TERM HUP
if [ ! -x bin/restartix ]; then
  if [ $# -eq 0 ] && [ ! -e apps/clinic/.next/standalone ]; then
    echo "Building restartix and the web apps side by side (only the first time; a few minutes) ..." >&2
    node scripts/web-ahead.mjs &
    ahead=$!
  else
    echo "Building restartix (the first time takes a minute or two) ..." >&2
  fi
fi
if ! go build -o bin/restartix ./cmd/restartix; then stop_ahead; exit 1; fi
if [ -n "$ahead" ]; then
  echo "restartix is built; the web apps are on their way ..." >&2
  wait "$ahead" || true # the supervisor builds again and says what is wrong
fi
trap - INT TERM HUP
exec bin/restartix up "$@"
