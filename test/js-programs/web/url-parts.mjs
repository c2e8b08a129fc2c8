// The parts of a URL and how they are normalised.
export default () =>
  [
    'https://user:pa%20ss@Example.COM:8080/a/./b/../c%7e?q=1&r=a b#frag',
    'http://x:80/',
    'https://x',
    'http://1.2.3',
    'http://[::1]:3000/p',
    'mailto:a@b.c',
    'data:text/plain,hi',
    'file:///C:/x/../y',
    'ftp://h/p;x',
    'HTTP://EX%41MPLE.org//a//b',
    'javascript:alert(1)',
    'ws://h?x',
    'https://h/é?ü#ö',
    'http://h/a\\b',
  ].map((s) => {
    const u = new URL(s);
    return [
      u.href,
      u.origin,
      u.protocol,
      u.username,
      u.password,
      u.host,
      u.hostname,
      u.port,
      u.pathname,
      u.search,
      u.hash,
    ];
  });
