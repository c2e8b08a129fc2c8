// Array patterns: holes, defaults, nesting, rest, swapping, any iterable.
export default () => {
  const [a, , b = 5, ...c] = [1, 2, undefined, 4, 5];
  const [x, [y, [z = 'z'] = []] = [7], w = null ?? 'w'] = 'x';
  let p = 1,
    q = 2,
    r = 3;
  [p, q, r] = [r, p, q];
  const [[k1, v1], [k2]] = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  const [d1 = 'd', d2 = 'd', d3 = 'd'] = [null, undefined];
  const [, second] = 'a😀b';
  const [...[first, ...others]] = [1, 2, 3];
  const [...{ length, 0: zero }] = 'four';
  const arr = [];
  [arr[0], arr[2], arr['prop']] = [1, 2, 3];
  const o = {};
  [o.a, ...o.b] = [1, 2, 3];
  [[o.c], { d: o.d }] = [[3], { d: 4 }];
  const result = ([p] = [9, 8]);
  const errs = [null, undefined, 5, {}, true].map((v) => {
    try {
      const [t] = v;
      return t;
    } catch (e) {
      return e.name;
    }
  });
  const f = ([a, b] = [1, 2], [c] = []) => [a, b ?? 'u', c ?? 'u'];
  for (const [i, ch] of Object.entries('hi')) arr.push(i + ch);
  let log = [];
  const [e1 = log.push('not called'), e2 = log.push('called')] = [0];
  return {
    abc: [a, b, c],
    xyzw: [x, y, z, w],
    rot: [p, q, r],
    map: [k1, v1, k2],
    d: [d1, d2, d3],
    second,
    rest: [first, others, length, zero],
    arr: [...arr].map((v) => v ?? 'hole'),
    prop: arr.prop,
    o,
    result,
    errs,
    f: [f(), f([3]), f('xy', 'z')],
    log,
    e: [e1, e2],
  };
};
