import queryString from 'query-string';

export default () => [
  queryString.parse('?a=1&b=x%20y&c&a=2', { parseNumbers: true }),
  queryString.stringify({ z: [1, null, 'x'], a: undefined, n: null, u: 'ü' }, { arrayFormat: 'bracket' }),
  queryString.parseUrl('https://e.org/p?a=b#c', { parseFragmentIdentifier: true }),
  queryString.stringifyUrl({ url: 'https://e.org?x=1', query: { y: [1, 2] } }, { arrayFormat: 'comma' }),
  queryString.pick('https://e.org?a=1&b=2', ['b']),
  queryString.exclude('https://e.org?a=1&b=2', ['b']),
];
