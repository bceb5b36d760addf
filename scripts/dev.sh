#!/bin/sh
# `make dev`: the services in the background (those that .env gives a URL for are used, not started), the Core API in
# front, rebuilt at every change of a Go or SQL file.
set -eu
cd "$(dirname "$0")/.."
tools=$(scripts/node.sh)
export PATH="$tools:$PATH"
if [ -e .env ]; then set -a; . ./.env; set +a; fi

go build -o bin/restartix ./cmd/restartix
rm -f .data/up.env
bin/restartix up --only=postgres,redis,s3,mail &
services=$!
trap 'kill "$services" 2>/dev/null || true; wait "$services" 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
while [ ! -e .data/up.env ]; do
  kill -0 "$services" 2>/dev/null || { wait "$services"; exit 1; }
  sleep 0.2
done
set -a; . ./.data/up.env; set +a
go run github.com/air-verse/air@v1.67.4
