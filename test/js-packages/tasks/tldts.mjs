import { getDomain, getSubdomain, parse } from 'tldts';

export default () => [
  parse('https://www.shop.example.co.uk:8080/a?b'),
  ['spark-public.s3.amazonaws.com', 'a.github.io', 'localhost', '10.0.0.1', 'sub.example.xn--p1ai'].map(
    (host) => getDomain(host),
  ),
  getDomain('a.b.github.io', { allowPrivateDomains: true }),
  getSubdomain('x.y.example.com'),
  parse('[::1]').isIp,
];
