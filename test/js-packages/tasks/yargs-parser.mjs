import parser from 'yargs-parser';

export default () => [
  parser('--foo=33 --bar hello -abc --no-x -- rest'),
  parser(['--list', '1', '2', '--deep.a.b=c', '--count', '-vv'], {
    array: ['list'],
    number: ['list'],
    count: ['v'],
    alias: { v: ['verbose'] },
    default: { z: 1 },
  }),
  parser('--some-key 1 --neg -5 --str 007', {
    string: ['str'],
    configuration: { 'camel-case-expansion': false },
  }),
  parser.detailed('--a "quoted text" b').argv,
  parser.camelCase('what-is-it'),
  parser.looksLikeNumber('0x1f'),
];
