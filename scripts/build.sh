#!/bin/sh
# `make build`: what a release contains.
set -eu
cd "$(dirname "$0")/.."
go build -o bin/ ./cmd/...
if [ -e pnpm-workspace.yaml ]; then
  tools=$(scripts/node.sh)
  export PATH="$tools:$PATH" NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1
  pnpm install --frozen-lockfile
  pnpm run build
fi
