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

if [ ! -x bin/restartix ]; then echo "Building restartix (the first time takes a minute or two) ..." >&2; fi
go build -o bin/restartix ./cmd/restartix
exec bin/restartix up "$@"
