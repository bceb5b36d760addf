#!/bin/sh
# leaks.sh FILE...: figure X-4 for what a run of the suite left behind: no log and no output holds a canary, a token, a cookie, a signature of
# a presigned address, a mail address, a phone number or a CNP. Each shape is first shown to find what is planted for it.
set -eu

shapes='[Cc][Nn][Rr][Yy]
eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}
Bearer [A-Za-z0-9]{8,}
rxk_[A-Za-z0-9]{16}
__Host-[a-z-]+=[A-Za-z0-9]
X-Amz-Signature=[0-9a-f]{16}
[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}
(^|[^0-9A-Za-z-])(\+407|07)[0-9]{8}([^0-9]|$)
(^|[^0-9A-Za-z-])[1-8][0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{6}([^0-9]|$)'
planted='name=Cnryana
eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln
authorization: Bearer abcdef0123456789
key rxk_0123456789abcdef
cookie __Host-rx-session=abc
https://s3/x?X-Amz-Signature=00112233445566778899
sent to ana.pop@clinica.example.ro
phone=+40722987654
cnp 2960229410018'

count() { # shape, then files or nothing for standard input: the number of lines that hold it
  shape=$1; shift
  cat "$@" | grep -aE -c -- "$shape" || true
}

found=0 bytes=0
work=$(mktemp)
trap 'rm -f "$work"' EXIT
n=0
printf '%s\n' "$shapes" >"$work"
while IFS= read -r shape; do
  n=$((n + 1))
  if [ "$(printf '%s\n' "$planted" | sed -n "${n}p" | count "$shape")" != 1 ]; then
    echo "the shape $shape does not find what is planted for it" >&2
    found=$((found + 1))
  fi
  for file in "$@"; do
    hits=$(count "$shape" "$file")
    if [ "$hits" != 0 ]; then
      echo "$file: $hits lines hold $shape, the first at line $(grep -anE -- "$shape" "$file" | head -n 1 | cut -d : -f 1)" >&2
      found=$((found + hits))
    fi
  done
done <"$work"
for file in "$@"; do bytes=$((bytes + $(wc -c <"$file"))); done
if [ "$found" = 0 ] && [ "$bytes" -gt 0 ]; then
  echo "FIGURE X-4/suite found=0,bytes=$bytes pass"
else
  echo "FIGURE X-4/suite found=$found,bytes=$bytes fail"
  exit 1
fi
