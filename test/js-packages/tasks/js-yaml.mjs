import * as yaml from 'js-yaml';

export default () => {
  const text = [
    'a: &x {b: [1, 2.5, 0x1f, .inf], c: ~}',
    'd: *x',
    'e: |',
    '  line one',
    '  line two',
    'f: >-',
    '  folded',
    '  text',
    'h: 2001-12-14',
    '"i j": [yes, true, "no"]',
  ].join('\n');
  let problem;
  try {
    yaml.load('a: [1, 2');
  } catch ({ name, reason }) {
    problem = [name, reason];
  }
  return [
    yaml.load(text),
    yaml.dump({ a: [{ b: 'x: y' }, null], c: 'multi\nline', d: new Date(0) }, { sortKeys: true }),
    problem,
  ];
};
