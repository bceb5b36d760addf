#!/bin/sh
# tool.sh NAME PACKAGE VERSION: prints where the Go program is. Built once per version (some minutes) and kept outside the repository,
# in LINT_TOOLS when that is set.
set -eu
dir=${LINT_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/restartix/tools}/$3
if [ ! -x "$dir/$1" ]; then
  echo "building $1 $3 (once)" >&2
  mkdir -p "$dir"
  GOBIN="$dir" GOFLAGS=-buildvcs=false go install "$2@$3" >&2
fi
echo "$dir/$1"
