// for, for-in, for-of, while, do-while: heads with odd targets.
export default () => {
  const out = [];
  const o = {};
  for (o.key in { a: 1, b: 2 }) out.push(o.key);
  for ([o.x, o.y = 'dflt'] of [[1, 2], [3]]) out.push(o.x, o.y);
  for (const { a, ...rest } of [{ a: 1, b: 2, c: 3 }]) out.push(a, rest);
  const arr = [];
  for (arr[arr.length] of 'xyz');
  out.push(arr.join(''));
  let n = 3;
  do out.push(n);
  while (n-- > 1);
  for (;;) {
    if (++n > 4) break;
  }
  out.push(n);
  for (let i = 0, j = 10; i < j; i += 3, j -= 2) out.push(`${i}-${j}`);
  const grow = [1, 2, 3];
  for (const v of grow) if (grow.length < 6) grow.push(v * 10);
  out.push(grow.join());
  const shrink = [1, 2, 3, 4];
  const seen = [];
  for (const v of shrink) {
    seen.push(v);
    shrink.pop();
  }
  out.push(seen.join());
  const dict = { one: 1, two: 2, three: 3 };
  const visited = [];
  for (const k in dict) {
    visited.push(k);
    delete dict.two;
  }
  out.push(visited.join());
  for (const k in null) out.push('never', k);
  for (const k in undefined) out.push('never', k);
  for (const k in 'ab') out.push(k, typeof k);
  class Base {
    inherited() {}
  }
  const child = Object.create(
    { proto: 1 },
    { own: { value: 1, enumerable: true }, hidden: { value: 1 }, proto2: { value: 2, enumerable: true } },
  );
  const ks = [];
  for (const k in child) ks.push(k);
  for (const k in new Base()) ks.push('class methods are not enumerable', k);
  let async;
  for ((async) of [7]);
  for (var ww of [1, 2]);
  return { out, ks, async, ww };
};
