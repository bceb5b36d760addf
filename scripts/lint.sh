#!/bin/sh
# `make lint`: Go formatting and vet, golangci-lint where it is installed, then the linters of the apps.
set -eu
cd "$(dirname "$0")/.."
unformatted=$(gofmt -l cmd internal migrations)
if [ -n "$unformatted" ]; then
  echo "gofmt would change:" >&2
  echo "$unformatted" >&2
  exit 1
fi
go vet $(go list ./... | grep -v /node_modules/) # npm packages may carry Go files
if command -v golangci-lint >/dev/null; then golangci-lint run ./...
else echo "golangci-lint is not installed: its rules were not checked" >&2; fi
if [ -e pnpm-workspace.yaml ]; then
  tools=$(scripts/node.sh)
  export PATH="$tools:$PATH"
  pnpm install --frozen-lockfile
  pnpm run lint
  pnpm run typecheck
fi
