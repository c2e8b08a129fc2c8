import clsx from 'clsx';

export default () => [
  clsx('a', false && 'b', null, undefined, 0, 1, ''),
  clsx({ on: true, off: false, 'with space': 1 }),
  clsx(['a', ['b', { c: true }]], { d: () => 1 }),
  clsx(),
];
