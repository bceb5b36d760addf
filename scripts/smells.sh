#!/bin/sh
# `make smells`: counts of what a review looks at twice. A count says where to look, not that something is wrong.
set -eu
cd "$(dirname "$0")/.."
count() { # title, pattern, paths...
  title=$1 pattern=$2; shift 2
  n=$(git ls-files -- "$@" | grep -v '/gen/' | xargs -r grep -E -- "$pattern" 2>/dev/null | wc -l)
  printf '%5d  %s\n' "$n" "$title"
}
count 'any in signatures and types' '\bany\b[^a-z]' '*.go'
count 'fmt verbs that print whole structs' '%\+v' '*.go'
count 'time.Now' 'time\.Now\(' 'internal/*.go' ':!*_test.go'
count 'context.Background' 'context\.Background\(' 'internal/*.go' ':!*_test.go'
count 'SELECT *' 'SELECT \*' '*.go' '*.sql'
count 'panic' '\bpanic\(' '*.go' ':!*_test.go'
count 'nolint' '//nolint' '*.go'
count 'open notes' 'TODO|FIXME|XXX' '*.go' '*.ts' '*.tsx' '*.sql'
count 'useEffect' 'useEffect\(' '*.ts' '*.tsx'
count 'as any, @ts-ignore, eslint-disable' 'as any|@ts-(ignore|expect-error)|eslint-disable' '*.ts' '*.tsx'
echo 'Files over 400 lines:'
git ls-files -- '*.go' '*.ts' '*.tsx' | grep -v '/gen/' | while read -r file; do
  lines=$(wc -l <"$file")
  if [ "$lines" -gt 400 ]; then printf '%5d  %s\n' "$lines" "$file"; fi
done
