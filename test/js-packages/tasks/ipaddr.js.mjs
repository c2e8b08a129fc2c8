import ipaddr from 'ipaddr.js';

export default () => [
  ipaddr.parse('2001:db8::1').toNormalizedString(),
  ipaddr.parse('::ffff:192.168.1.1').toIPv4Address().toString(),
  ipaddr.parse('10.1.2.3').match(ipaddr.parseCIDR('10.0.0.0/8')),
  ['127.0.0.1', '192.168.0.1', 'fe80::1', '224.0.0.1', '8.8.8.8'].map((text) => ipaddr.parse(text).range()),
  ipaddr.IPv4.networkAddressFromCIDR('172.16.5.9/20').toString(),
  ipaddr.IPv6.broadcastAddressFromCIDR('2001:db8::/64').toString(),
  ipaddr.isValid('300.1.1.1'),
  ipaddr.parse('0x7f.1').toString(),
  ipaddr.parse('2001:db8::1').toByteArray(),
];
