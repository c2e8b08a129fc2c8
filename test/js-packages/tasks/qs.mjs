import qs from 'qs';

export default () => [
  qs.parse('a[b][c]=1&d[]=x&d[]=y&e[2]=z&f=%C3%BC+g&h&i.j=2', { allowDots: true }),
  qs.parse('a=1,2&b=null', { comma: true, strictNullHandling: true }),
  qs.stringify({ a: { b: [1, 2] }, c: null, d: undefined, e: 'ü &' }),
  ...['indices', 'brackets', 'repeat', 'comma'].map((arrayFormat) =>
    qs.stringify({ a: ['b', 'c'] }, { arrayFormat, encode: false }),
  ),
  qs.stringify({ b: 1, a: new Date(0) }, { sort: (a, b) => a.localeCompare(b), addQueryPrefix: true }),
  qs.parse('a[][b]=1&__proto__[x]=1', { depth: 1 }),
];
