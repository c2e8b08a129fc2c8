#!/bin/sh
# make -C guest check: the program and the commands in snapvm.h's head comment work as they stand, from another
# directory, and every guest has the shape the loader wants. Usage: check.sh <dist/guest> <compiler>
set -eu
guest=$1 compiler=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
ln -s "$guest" guest

comment() { sed -n "/^ \*   $1/,/$2/p" guest/include/snapvm.h | sed 's/^ \* *//'; }
comment '#include <snapvm.h>' '^ \*   }' > hello.c
comment 'cc .*-static -nostdlib' ' -o ' > commands
comment 'cc .*-static-pie ' ' -o ' >> commands
# With a C library: one line, and a shape of its own, which is not looked at below.
sed -n 's/^ \* *\(cc .*libsnapvm-linux.a .*\)-o hello.elf$/\1-o hosted/p' guest/include/snapvm.h > hosted.sh
test "$(cat commands hosted.sh | grep -c '^cc ')" -eq 3 ||
  { echo 'check: snapvm.h no longer documents three commands' >&2; exit 1; }
sed -i "s|^cc |$compiler |" commands hosted.sh
sh -eu hosted.sh
readelf -nW hosted | grep -q snapvm || { echo 'check: a guest with a C library has no snapvm note' >&2; exit 1; }
sh -eu commands
sed 's/-static /-static-pie -fPIE /; s/-o hello/-o pie/' commands | sh -eu

# Segments with different rights share no page, none is writable and executable, and the only relocations are
# R_X86_64_RELATIVE.
for elf in *.elf guest/examples/*.elf guest/hostile/*.elf; do
  readelf -lW "$elf" | awk -v elf="$elf" '
    $1 == "LOAD" {
      rights = ""; for (i = 7; i < NF; i++) rights = rights $i
      if (rights ~ /W/ && rights ~ /E/) { print "check: " elf ": writable and executable" > "/dev/stderr"; bad = 1 }
      first = substr($3, 1, length($3) - 3)
      if (first == last) { print "check: " elf ": two segments share page " first > "/dev/stderr"; bad = 1 }
      last = end($3, $6)
    }
    $1 == "INTERP" || $1 == "TLS" { print "check: " elf ": has " $1 > "/dev/stderr"; bad = 1 }
    END { exit bad }
    # The page of a segment`s last byte, in hexadecimal: awk has no hexadecimal of its own.
    function number(text,   i, value) {
      for (i = 3; i <= length(text); i++) value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
      return value
    }
    function end(address, bytes) { return sprintf("0x%013x", int((number(address) + number(bytes) - 1) / 4096)) }'
  if readelf -rW "$elf" | grep R_X86_64_ | grep -v R_X86_64_RELATIVE; then
    echo "check: $elf: relocations that the loader refuses" >&2
    exit 1
  fi
  readelf -nW "$elf" | grep -q snapvm || { echo "check: $elf: no snapvm note" >&2; exit 1; }
done
