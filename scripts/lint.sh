#!/bin/sh
# `make lint`: golangci-lint with the rules of .golangci.yml (gofumpt, gci, gosec, staticcheck among them), govulncheck where VULNDB
# names a copy of the vulnerability database, then the linters of the apps. Prints figures X-1 and X-2.
set -eu
cd "$(dirname "$0")/.."

figure() { # id, command...: runs the command and prints its verdict
  id=$1; shift
  if "$@"; then echo "FIGURE $id 0 pass"; else echo "FIGURE $id 1 fail"; return 1; fi
}

# Not ./...: npm packages may carry Go files.
go_code="./cmd/... ./internal/... ./load/... ./migrations/..."

golangci=$(scripts/tool.sh golangci-lint github.com/golangci/golangci-lint/v2/cmd/golangci-lint v2.15.0)
"$golangci" config verify
figure X-2 "$golangci" run --max-issues-per-linter 0 --max-same-issues 0 $go_code

if [ -n "${VULNDB:-}" ]; then
  govulncheck=$(scripts/tool.sh govulncheck golang.org/x/vuln/cmd/govulncheck v1.9.0)
  figure X-1/go "$govulncheck" -db "file://$VULNDB" $go_code
else
  echo "VULNDB is not set: known vulnerabilities were not looked up" >&2
fi

if [ -e pnpm-workspace.yaml ] && [ "${1:-}" != --go ]; then
  node=$(scripts/node.sh)
  export PATH="$node:$PATH"
  pnpm install --frozen-lockfile
  pnpm run lint
  pnpm run typecheck
fi
