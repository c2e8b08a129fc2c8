import Url from 'url-parse';

export default () => {
  const url = new Url('https://user:p%40ss@Example.org:8443/a/../b?x=1&y=%20z#h', true);
  url.set('port', 443);
  url.set('query', { q: 'ü &' });
  url.set('pathname', 'c/d');
  return [
    url.href,
    url.origin,
    url.hostname,
    url.username,
    new Url('../e?f', 'http://h.org/x/y/z').toString(),
    Url.qs.parse('?a=b&c'),
    new Url('//h.org/p', 'ftp://x.org').protocol,
  ];
};
