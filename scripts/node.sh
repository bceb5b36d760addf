#!/bin/sh
# Puts the pinned Node.js and pnpm into the cache, from npm, when they are not there, and prints the folders to put first
# in PATH. npm checks the packages against the registry's checksums; their scripts never run.
#   export PATH="$(scripts/node.sh):$PATH"
set -eu

node_version=24.21.0
pnpm_version=12.21.0

cache=${RESTARTIX_CACHE:-}
if [ -z "$cache" ]; then
  if [ "$(id -u)" = 0 ]; then cache=/var/cache/restartix
  elif [ "$(uname -s)" = Darwin ]; then cache=$HOME/Library/Caches/restartix
  else cache=${XDG_CACHE_HOME:-$HOME/.cache}/restartix; fi
fi

case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  *) echo "node.sh: no Node.js package for $(uname -s): install Node.js $node_version yourself" >&2; exit 1 ;;
esac
case $(uname -m) in
  x86_64 | amd64) cpu=x64 ;;
  aarch64 | arm64) cpu=arm64 ;;
  *) echo "node.sh: no Node.js package for $(uname -m): install Node.js $node_version yourself" >&2; exit 1 ;;
esac

tools=$cache/node-$node_version-pnpm-$pnpm_version
node_bin=$tools/node_modules/node-$os-$cpu/bin
pnpm_bin=$tools/node_modules/.bin

if [ ! -e "$tools/ready" ]; then
  if ! command -v npm >/dev/null; then
    echo "node.sh: npm is not in PATH: install any Node.js (on Debian: apt-get install npm); the pinned one comes through it" >&2
    exit 1
  fi
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/node-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  echo "Installing Node.js $node_version and pnpm $pnpm_version into $cache ..." >&2
  npm install --prefix "$work" --no-save --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error \
    "node-$os-$cpu@$node_version" "pnpm@$pnpm_version" >&2
  found=$("$work/node_modules/node-$os-$cpu/bin/node" --version)
  if [ "$found" != "v$node_version" ]; then
    echo "node.sh: the package holds Node.js $found, not v$node_version" >&2
    exit 1
  fi
  # The package's own script would put the native binary in the place of its placeholder; scripts do not run here.
  ln -f "$work/node_modules/@pnpm/exe.$os-$cpu/pnpm" "$work/node_modules/pnpm/pnpm"
  found=$("$work/node_modules/.bin/pnpm" --version)
  if [ "$found" != "$pnpm_version" ]; then
    echo "node.sh: the package holds pnpm $found, not $pnpm_version" >&2
    exit 1
  fi
  touch "$work/ready"
  chmod 755 "$work"
  # Somebody else may have finished first: then theirs stays.
  if [ ! -e "$tools/ready" ]; then rm -rf "$tools"; mv "$work" "$tools"; fi
fi

echo "$node_bin:$pnpm_bin"
