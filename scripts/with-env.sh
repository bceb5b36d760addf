#!/bin/sh
# with-env.sh FILE COMMAND...: runs the command with the KEY=value lines of FILE (if it exists) and of .env (if it
# exists), which wins.
set -eu
cd "$(dirname "$0")/.."
file=$1; shift
set -a
if [ -e "$file" ]; then . "./$file"; fi
if [ -e .env ]; then . ./.env; fi
set +a
exec "$@"
