#!/bin/sh
# Makes sure that the programs that tests need are installed: a browser, Redis and PostgreSQL's own tools. As root on
# Debian it installs what is missing; otherwise it names the packages and fails.
set -eu

missing=
need() { # package, then any command that proves it
  package=$1; shift
  for command in "$@"; do
    if command -v "$command" >/dev/null 2>&1 || [ -x "$command" ]; then return; fi
  done
  missing="$missing $package"
}
need chromium chromium chromium-browser google-chrome
need redis-server redis-server
need postgresql-15 /usr/lib/postgresql/15/bin/initdb /usr/lib/postgresql/16/bin/initdb /usr/lib/postgresql/17/bin/initdb \
  /opt/homebrew/opt/postgresql@17/bin/initdb /usr/local/opt/postgresql@17/bin/initdb

[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need these packages (names of Debian 12):$missing" >&2
  echo "Install them, for example: sudo apt-get install$missing" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
for attempt in 1 2 3; do
  # shellcheck disable=SC2086 # a list of names
  if apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 update -qq &&
    apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 install -y -qq --no-install-recommends $missing >&2; then
    exit 0
  fi
  echo "apt-get failed (attempt $attempt of 3)" >&2
  sleep $((attempt * 5))
done
echo "These packages could not be installed:$missing" >&2
exit 1
