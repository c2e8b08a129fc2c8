/** Runs of busybox on files and of its shell; every byte is compared. */
import type { Case } from './busybox-cases.js';

function of(title: string, args: readonly string[], stdin?: string): Case {
  return { title, args, ...(stdin !== undefined && { stdin }) };
}

function script(title: string, source: string, stdin?: string): Case {
  return of(`sh: ${title}`, ['sh', '-c', source, 'sh', 'first', 'second one'], stdin);
}

function unordered(title: string, args: readonly string[]): Case {
  return { title, args, anyOrder: true };
}

const FILES: readonly Case[] = [
  of('ls -l of files', ['ls', '-l', '/data/words', '/data/binary', '/data/tree/two/large']),
  of('ls of a folder', ['ls', '/data/tree']),
  of('ls -R', ['ls', '-R', '/data/tree']),
  of('ls of what is missing', ['ls', '/missing']),
  unordered('find', ['find', '/data']),
  unordered('find -type f -name', ['find', '/data', '-type', 'f', '-name', '*.[ct]*']),
  unordered('find -size', ['find', '/data/tree', '-type', 'f', '-size', '+4k', '-print0']),
  of('find from a folder that is missing', ['find', '/missing']),
  of('stat', ['stat', '-c', '%n %s %a %F %h %Y', '/data/words', '/data/tree/two/large']),
  of('stat of devices', ['stat', '-c', '%n %F %t %T', '/dev/null', '/dev/zero']),
  of('du', ['du', '-k', '/data/tree/two/large']),
  of('basename', ['basename', '/a/b/c.txt', '.txt']),
  of('dirname', ['dirname', '/a/b/c.txt']),
  of('env', ['env']),
  of('pwd', ['pwd']),
  of('mkdir -p', ['mkdir', '-p', '-v', '/tmp/a/b/c']),
  of('mkdir of what is there', ['mkdir', '/data']),
  of('rm -r', ['rm', '-r', '/data/tree']),
  of('rm of what is missing', ['rm', '/missing']),
  of('rmdir of a folder that is not empty', ['rmdir', '/data']),
  of('mv', ['mv', '-f', '/data/words', '/tmp/elsewhere']),
  of('mv onto a folder of files', ['mv', '/missing', '/tmp']),
  of('cp', ['cp', '/data/prose', '/tmp/copy']),
  of('cp -r', ['cp', '-r', '/data/tree', '/tmp/tree']),
  of('ln -s', ['ln', '-s', '/data/words', '/tmp/link']),
  of('touch', ['touch', '/tmp/a', '/tmp/b']),
  of('chmod', ['chmod', '600', '/data/words']),
  of('truncate', ['truncate', '-s', '100', '/tmp/new']),
  of('realpath', ['realpath', '/data/../data/./words']),
  of('readlink of no link', ['readlink', '/data/words']),
  of('unlink', ['unlink', '/data/words']),
];

const REDIRECTIONS = `
echo one > /tmp/a; echo two >> /tmp/a; echo three >> /tmp/a
n=0; while read -r line; do n=$((n + 1)); echo "$n:$line"; done < /tmp/a
exec 3> /tmp/b; echo through three >&3; exec 3>&-
read -r back < /tmp/b; echo "[$back]"
echo lost > /dev/null; echo to stderr >&2; echo "and $(( 1 + 1 ))" 2> /tmp/c
`;
const FUNCTIONS = `
fib() { local n=$1; if [ "$n" -lt 2 ]; then r=$n; else fib $((n - 1)); local a=$r; fib $((n - 2)); r=$((a + r)); fi; }
fib 12; echo "fib $r"
args() { echo "$# $1 $2"; shift; echo "$@"; return 3; }
args "a b" c d; echo "status $?"
set -- x y z; for i; do echo "for $i"; done; echo "$*" "$#"
trap 'echo leaving' EXIT
`;
const EXPANSIONS = `
v=/usr/lib/file.tar.gz; echo \${v##*/} \${v%%.*} \${v#*/} \${v%.*} \${#v}
echo \${unset:-default} \${unset:=assigned} $unset \${v:+present} \${v:5:3} \${v/lib/LIB}
a="x  y"; echo $a "$a" '$a'; IFS=:; p=a:b:c; for q in $p; do echo "<$q>"; done
echo ~ {1,2}; cd /data; echo w* [s]*1; echo "\\$((3*4))" $((0x1f)) $((7/2)) $((-7%3)) $((1<<10)) $((5>3?1:0))
x=5; : $((x+=3)); echo $x; let y=x*2; echo $y; echo \${missing?is missing}; echo never
`;
const CASES_AND_LOOPS = `
for w in apple 42 "" -x /path; do case $w in [0-9]*) echo number;; -*) echo option;; "") echo empty;; */*) echo path;; a*|b*) echo word;; esac; done
i=0; until [ $i -ge 5 ]; do i=$((i + 1)); [ $i -eq 2 ] && continue; [ $i -eq 4 ] && break; echo $i; done
while :; do while :; do break 2; done; done; echo out
if false; then echo a; elif true; then echo b; else echo c; fi
! true || echo negated; { echo group; }; [ -f /data/words -a -s /data/words ] && echo file; [[ abc == a* ]] && echo pattern
`;
const HERE_DOCUMENTS = `
name=world
while read -r line; do echo "doc: $line"; done <<END
hello $name $((6*7))
second
END
read -r raw <<'END'
not $name
END
echo "$raw"
`;

const SHELL: readonly Case[] = [
  script('arithmetic', 'echo $((6*7))'),
  script('arguments', 'echo $0 "$1" "$2" $#'),
  script('redirections', REDIRECTIONS),
  script('functions', FUNCTIONS),
  script('parameter expansion', EXPANSIONS),
  script('case and loops', CASES_AND_LOOPS),
  script('here-documents', HERE_DOCUMENTS),
  script(
    'reading standard input',
    's=0; while read a b; do s=$((s + b)); echo "$a"; done; echo $s',
    'x 1\ny 22\nz 333\n',
  ),
  script('exit status', 'exit 42'),
  script('set -e', 'set -e; echo a; false; echo b'),
  script('a syntax error', 'if true; then echo; done'),
  script('a command that is missing', 'nothing-of-that-name; echo $?'),
  script('a division by zero', 'echo $((1/0)); echo after'),
  script('many turns', 'i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; echo $i'),
  script('printf and echo', 'printf "%s-%03d\\n" a 7 b 8; echo -n x; echo -e "\\ty"'),
  script('cd and pwd', 'cd /data/tree; pwd; cd ..; pwd; cd /missing; echo $?; echo $OLDPWD'),
  script('umask, type and alias', 'umask; umask 027; umask; type cd; alias l="echo aliased"; alias'),
  script('getopts', 'set -- -a -b value rest; while getopts ab: o; do echo "$o $OPTARG"; done; echo $OPTIND'),
  script('traps', 'trap "echo usr1" USR1; kill -USR1 $$; echo after'),
  script('ended by its own signal', 'echo before; kill -TERM $$; echo never'),
  of(
    'sh: a script on standard input',
    ['sh'],
    'x=1\nfor i in 1 2 3; do x=$((x * i + 1)); done\necho $x\nread y\nthis is read\necho "got $y"\n',
  ),
  of('ash: a file', ['ash', '/data/words']),
];

const USAGE: readonly Case[] = [
  of('an applet that does not exist', ['no-such-applet']),
  of('an option that does not exist', ['cat', '--no-such-option']),
  of('too few arguments', ['cp', 'one']),
  of('--help', ['ls', '--help']),
  of('--list', ['--list']),
  of('no applet', []),
];

export const FILE_CASES: readonly Case[] = [...FILES, ...SHELL, ...USAGE];
