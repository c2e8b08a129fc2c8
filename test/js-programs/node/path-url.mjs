import path, { basename, join, posix, win32 } from 'node:path';
import querystring from 'node:querystring';
import url, { domainToASCII, fileURLToPath, pathToFileURL } from 'node:url';
import punycode from 'node:punycode';

export default () => [
  join('/a', '..', 'b', './c.txt'),
  basename('/x/y.tar.gz', '.gz'),
  path.resolve('/a/b', '../c'),
  path.relative('/a/b/c', '/a/d'),
  path.parse('/home/u/file.txt'),
  path.format({ dir: '/d', name: 'n', ext: '.e' }),
  path.normalize('/a//b/../c/.'),
  [path.extname('a.b.c'), path.isAbsolute('a'), path.sep, path.delimiter, path.dirname('/a/b')],
  posix === path,
  [
    win32.join('a', '..', 'b/c'),
    win32.basename('C:\\a\\b.txt', '.txt'),
    win32.resolve('C:\\a', '..\\b', 'c'),
  ],
  [
    win32.relative('C:\\a\\b', 'c:\\A\\d'),
    win32.isAbsolute('C:/'),
    win32.normalize('\\\\server\\share\\a\\..\\b'),
  ],
  [win32.parse('C:\\dir\\f.ext'), win32.sep, win32.delimiter, path.win32 === win32, win32.posix === posix],
  querystring.parse('a=1&b=2&a=3&c=%20x&d'),
  querystring.stringify({ a: [1, 2], b: 'ü &', c: '' }),
  querystring.escape('a b&c'),
  url.parse('http://user:pw@host.com:8080/p/a?x=1&y=2#frag', true),
  url.resolve('http://a.com/b/c', '../d?e'),
  url.format({ protocol: 'https', hostname: 'h.org', pathname: '/p', query: { a: 'b' } }),
  fileURLToPath('file:///a%20b/c'),
  pathToFileURL('/a b/#c?').href,
  domainToASCII('español.com'),
  url.format(new URL('http://u:p@xn--g6w251d/?q#f'), { auth: false, fragment: false, unicode: true }),
  url.urlToHttpOptions(new URL('https://a:b@h:1/p?q')).path,
  [punycode.encode('mañana'), punycode.toUnicode('xn--maana-pta.com'), punycode.ucs2.decode('a😀')],
];
