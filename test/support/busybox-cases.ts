/** Runs of busybox whose every byte is compared: text, numbers, hashes, compression. Its shell's stand beside. */
import { gzipSync } from 'node:zlib';

/** How busybox is called, and what it reads. */
export interface Case {
  readonly title: string;
  readonly args: readonly string[];
  readonly stdin?: Uint8Array | string;
  /** The lines come in an order of the file system's own. */
  readonly anyOrder?: true;
}

const WORDS = 'pear 3\napple 10\nfig 2\napple 10\nApple 7\nquince 1\nfig 20\n';
const PROSE = Array.from(
  { length: 40 },
  (_, i) => `line ${i}: the quick brown fox jumps over ${i * 37} lazy dogs\tand\tthen some`,
).join('\n');
/** Every byte, a hundred thousand of them. */
export const BINARY = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i * 31 + (i >> 8)) & 255);
/** A line said three times, packed by xz and bzip2, which Node cannot. */
const XZ =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AAuABhdADQZSe6N6RfQtA5NCWQW7C8WPEiPsM+AAAB0k99zilRquQABNC+Fe30wH7bzfQEAAAAABFla';
const BZIP2 = 'QlpoOTFBWSZTWXI5TuoAAAnRgAAQQAQGRJDQIAAhtUaabSaEDQNCIWDITGUqsslHhnUYfF3JFOFCQcjlO6g=';

/** What a guest and the machine's Linux both find. */
export const FILES: Readonly<Record<string, Uint8Array | string>> = {
  '/data/words': WORDS,
  '/data/prose': `${PROSE}\n`,
  '/data/binary': BINARY,
  '/data/sorted1': 'a\nb\nd\ne\n',
  '/data/sorted2': 'b\nc\ne\nf\n',
  '/data/prose2': `${PROSE.replace('line 7', 'LINE 7').replace(/line 20.*\n/, '')}\nthe end\n`,
  '/data/empty': '',
  '/data/tree/one/file.txt': 'one\n',
  '/data/tree/two/file.c': 'int main;\n',
  '/data/tree/two/large': new Uint8Array(8192),
  '/data/script.awk': '{ n[$1] += $2 } END { for (k in n) t += n[k]; print t, length(n) }\n',
  '/data/script.sed': 's/fox/FOX/\n/line 3/{\ns/^/> /\nn\nd\n}\n$a\\\nappended\n',
  '/data/program.bc': 'define f(n) { if (n < 2) return n; return f(n-1) + f(n-2); }\nf(15)\n',
};

const EMPTY_TAR_END = new Uint8Array(1024);

/** A ustar archive of one file, as any tar writes it. */
function tarOf(name: string, content: string): Uint8Array {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('14000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}
const TAR = Buffer.concat([tarOf('first', 'the first file\n'), tarOf('second', PROSE), EMPTY_TAR_END]);

function of(title: string, args: readonly string[], stdin?: Uint8Array | string): Case {
  return { title, args, ...(stdin !== undefined && { stdin }) };
}

const HASHES = ['md5sum', 'sha1sum', 'sha256sum', 'sha512sum', 'sha3sum', 'crc32'].flatMap((applet) => [
  of(`${applet} of a file`, [applet, '/data/binary']),
  of(`${applet} of standard input`, [applet], BINARY),
]);

const AWK_PRIMES =
  'BEGIN { for (i = 2; i < 200; i++) { p = 1; for (j = 2; j * j <= i; j++) if (i % j == 0) p = 0; if (p) printf "%d ", i } print "" }';
const AWK_TEXT =
  '{ n = split($0, w, /[ \\t]+/); t = ""; for (i = n; i > 0; i--) t = t w[i] " "; print toupper(substr(t, 1, 20)), length($0), gsub(/o/, "0") }';
const AWK_MATH =
  'BEGIN { printf "%.10f %.6e %g %x %5s|%-5d|%c\\n", 22 / 7, 1e20 / 3, 1e-7, 3735928559, "ab", 42, 65; print 1/3, 2**10, 7%3, int(-3.7), index("banana", "nan") }';
const AWK_FUNCTIONS =
  'function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } BEGIN { print f(18); print match("foobar", /o+/), RSTART, RLENGTH; print length("x") > "/tmp/o"; close("/tmp/o"); while ((getline l < "/tmp/o") > 0) print "read " l }';

const TEXT: readonly Case[] = [
  of('awk: a program with functions, files and getline', ['awk', AWK_FUNCTIONS]),
  of('awk: primes', ['awk', AWK_PRIMES]),
  of('awk: words the other way round', ['awk', AWK_TEXT, '/data/prose']),
  of('awk: arithmetic', ['awk', AWK_MATH]),
  of('awk: a program in a file', ['awk', '-f', '/data/script.awk'], WORDS),
  of('awk: variables and separators', [
    'awk',
    '-F',
    ':',
    '-v',
    'x=7',
    '{ print x, $2; exit NR }',
    '/data/prose',
  ]),
  of('awk: a program that is none', ['awk', '{ print']),
  of('sed: substitutions', ['sed', '-e', 's/\\(quick\\) \\(brown\\)/\\2 \\1/g', '-e', '/line 1/d'], PROSE),
  of('sed: ranges, silently', ['sed', '-n', '5,/line 9/{=;p}', '/data/prose']),
  of('sed: a script in a file', ['sed', '-f', '/data/script.sed', '/data/prose']),
  of('sed: extended expressions', ['sed', '-E', 's/([0-9]+)/<\\1>/2;y/abc/xyz/', '/data/prose']),
  of('grep -E', ['grep', '-E', 'line (1|2)[0-9]?:.*[05] lazy', '/data/prose']),
  of('grep -o', ['grep', '-o', '[0-9]* lazy'], PROSE),
  of('grep -c', ['grep', '-c', 'fox', '/data/prose', '/data/words']),
  of('grep -vn', ['grep', '-vn', 'line [1-3]', '/data/prose']),
  of('grep that finds nothing', ['grep', 'nothing', '/data/prose']),
  of('grep in a file that is missing', ['grep', 'x', '/data/missing']),
  of('fgrep -i', ['fgrep', '-i', 'APPLE', '/data/words']),
  of('egrep -w', ['egrep', '-w', 'fig|pear', '/data/words']),
  of('sort', ['sort', '/data/words']),
  of('sort -n -k 2', ['sort', '-n', '-k', '2'], WORDS),
  of('sort -u -r', ['sort', '-u', '-r', '/data/words']),
  of('uniq -c', ['uniq', '-c'], 'a\na\nb\na\n'),
  of('uniq -d', ['uniq', '-d'], 'a\na\nb\na\n'),
  of('cut by fields', ['cut', '-d', ' ', '-f', '2,4-6', '/data/prose']),
  of('cut by characters', ['cut', '-c', '1-5,10-'], PROSE),
  of('tr', ['tr', 'a-z', 'A-Z'], PROSE),
  of('tr -s', ['tr', '-s', 'a-z '], 'aabbcc  dd'),
  of('head', ['head', '-n', '3', '/data/prose']),
  of('head -c of more than it needs', ['head', '-c', '100'], BINARY),
  of('tail', ['tail', '-n', '4', '/data/prose']),
  of('tail -c +N of standard input', ['tail', '-c', '+99000'], BINARY),
  of('wc', ['wc', '/data/prose', '/data/words', '/data/empty']),
  of('wc of standard input', ['wc'], BINARY),
  of('cat of files and standard input', ['cat', '/data/words', '-', '/data/words'], 'between\n'),
  of('cat of a file that is missing', ['cat', '/data/words', '/missing']),
  of('tac', ['tac'], PROSE),
  of('rev', ['rev'], PROSE),
  of('nl', ['nl', '/data/words']),
  of('fold', ['fold', '-s', '-w', '23', '/data/prose']),
  of('expand', ['expand', '-t', '4', '/data/prose']),
  of('unexpand', ['unexpand', '-a'], 'a        b                c\n'),
  of('paste', ['paste', '-d', ',;', '/data/sorted1', '/data/sorted2', '-'], '1\n2\n'),
  of('diff', ['diff', '-u', '-L', 'a', '-L', 'b', '/data/prose', '/data/prose2']),
  of('diff of the same', ['diff', '/data/prose', '/data/prose']),
  of('cmp', ['cmp', '-l', '/data/prose', '/data/prose2']),
  of('ts is refused', ['ts', '--wrong']),
  of('dos2unix', ['dos2unix'], 'a\r\nb\r\n'),
  of('unix2dos', ['unix2dos'], 'a\nb\n'),
  of('shuf of one line', ['shuf'], 'alone\n'),
  of('tee', ['tee', '/tmp/copy'], PROSE),
];

const BYTES: readonly Case[] = [
  of('od', ['od', '-b', '-x', '/data/words']),
  of('od of standard input', ['od', '-c'], BINARY.subarray(0, 600)),
  of('hexdump -C', ['hexdump', '-C'], BINARY.subarray(0, 1000)),
  of('xxd', ['xxd', '/data/words']),
  of('xxd -r', ['xxd', '-r', '-p'], '68656c6c6f0a'),
  of('strings', ['strings', '-n', '5', '/data/binary']),
  of('base64', ['base64', '/data/binary']),
  of('base64 -d', ['base64', '-d'], Buffer.from(BINARY).toString('base64')),
  of('uuencode', ['uuencode', 'name'], PROSE),
  of('dd', ['dd', 'if=/data/binary', 'bs=100', 'skip=3', 'count=2', 'status=none']),
  of('factor', ['factor', '360360', '97', '1000000007', '600851475143']),
  of('gunzip', ['gunzip'], gzipSync(PROSE)),
  of('gunzip of every byte', ['gunzip'], gzipSync(BINARY)),
  of('gzip', ['gzip', '-c', '-9'], BINARY),
  of('gunzip of what is no archive', ['gunzip'], PROSE),
  of('gunzip of an archive cut short', ['gunzip'], gzipSync(BINARY).subarray(0, 500)),
  of('bzip2', ['bzip2', '-c'], PROSE),
  of('bunzip2', ['bunzip2'], Buffer.from(BZIP2, 'base64')),
  of('unxz', ['unxz'], Buffer.from(XZ, 'base64')),
  of('xzcat', ['xzcat'], Buffer.from(XZ, 'base64')),
  of('tar: list', ['tar', 'tvf', '-'], TAR),
  of('tar: extract to standard output', ['tar', 'xOf', '-', 'first'], TAR),
  of('tar: extract into /tmp', ['tar', 'xvf', '-', '-C', '/tmp'], TAR),
  of('tar: create', ['tar', 'cf', '-', '-C', '/data', 'words', 'prose', 'tree/one/file.txt']),
  of('cpio: create', ['cpio', '-t'], ''),
];

const NUMBERS: readonly Case[] = [
  of('bc', ['bc', '-l'], 'scale=30\n4*a(1)\n2^200\nsqrt(2)\nfor (i=0;i<5;i++) i*i\n'),
  of('bc: a program in a file', ['bc', '/data/program.bc'], ''),
  of('bc: an error', ['bc'], '1/0\n1+\n'),
  of('dc', ['dc'], '20k 2 v p 3 100 ^ p 16 o 255 p\n'),
  of('seq', ['seq', '-s', ' ', '-w', '8', '3', '40']),
  of('expr', ['expr', '(', '6', '*', '7', ')', '%', '5', '+', '10']),
  of('expr with a string', ['expr', 'abcdef', ':', 'ab\\(.*\\)f']),
  of('expr that is wrong', ['expr', '1', '+']),
  of('test of equal numbers', ['test', '3', '-eq', '3']),
  of('test of a missing file', ['test', '-e', '/missing']),
  of('[ of a folder', ['[', '-d', '/data', ']']),
  of('[ without its end', ['[', '1']),
  of('printf', ['printf', '%05d|%-8s|%x|%c|%e|%b\\n', '42', 'left', '255', 'char', '3.5', 'a\\tb']),
  of('printf that repeats', ['printf', '%s=%d\\n', 'a', '1', 'b', '2']),
  of('echo -e', ['echo', '-e', 'a\\tb\\x41\\c', 'unseen']),
  of('true', ['true']),
  of('false', ['false']),
  of('date -u -d @N', ['date', '-u', '-d', '@1700000000']),
  of('date with a format', ['date', '-u', '-d', '@86399', '+%Y-%m-%dT%H:%M:%S %j %A']),
  of('cal', ['cal', '2', '2024']),
  of('ascii', ['ascii']),
  of('ipcalc', ['ipcalc', '-bn', '192.168.7.9/20']),
  of('usleep', ['usleep', '1000']),
  of('sleep', ['sleep', '0.01']),
];

/** Everything but files and the shell; each title begins with its applet. */
export const CASES: readonly Case[] = [...HASHES, ...TEXT, ...BYTES, ...NUMBERS];
