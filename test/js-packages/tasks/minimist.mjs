import minimist from 'minimist';

export default () => [
  minimist(['-abc', '--name=Ada', '--no-colour', '--n', '5', 'x', '--', '-y']),
  minimist(['--id', '007', '-v', '-v', '--list', 'a', '--list', 'b'], {
    string: ['id'],
    boolean: ['v'],
    alias: { l: 'list' },
    default: { z: 1 },
  }),
  minimist(['--a.b.c=1', '-n5', '--x=0x1f']),
  minimist(['one', '--two', 'three'], { stopEarly: true, '--': true }),
];
