#!/bin/sh
# Figure X-3, the half about the repository: gitleaks over the whole history finds nothing. Red proof in every run: a key planted in a
# folder of its own must be found by the same rules.
set -eu
cd "$(dirname "$0")/.."
gitleaks=$(scripts/tool.sh gitleaks github.com/zricethezav/gitleaks/v8 v8.30.1)

planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
# In two parts, so that this line is no finding itself.
printf 'token = "%s%s"\n' 'ghp_' 'x7Rk2mQ9vLw4Tz8Ns1Yb6Hd3Jf5Gp0CaUeXi' >"$planted/planted.txt"
if "$gitleaks" dir --no-banner --redact --config .gitleaks.toml "$planted" >/dev/null 2>&1; then
  echo "a planted key was not found: the rules see nothing" >&2
  echo "FIGURE X-3/history blind fail"
  exit 1
fi

if "$gitleaks" git --no-banner --redact --verbose --config .gitleaks.toml . >&2; then
  echo "FIGURE X-3/history 0 pass"
else
  echo "FIGURE X-3/history 1 fail"
  exit 1
fi
