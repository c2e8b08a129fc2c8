// ++ and -- and compound assignments on all kinds of operand.
const show = (x) => (typeof x === 'bigint' ? `${x}n` : Number.isNaN(x) ? 'NaN' : x);
export default () => {
  const out = [];
  for (const v of [1, '5', 'x', null, undefined, true, 5n, [3], 2 ** 53]) {
    let a = v,
      b = v;
    const post = a++,
      pre = --b;
    out.push([post, a, pre, b].map(show));
  }
  let s = 'a';
  s += 1;
  s += null;
  s += [2];
  let n = 10;
  n -= '3';
  n *= '2';
  n /= 4;
  n %= 2;
  n **= 3;
  let x = 1;
  x += x++ + ++x;
  let y = 5;
  y = y++ + y--;
  const o = { v: 1 };
  o.v++;
  o['v'] += o.v++;
  const arr = [1, 2];
  let i = 0;
  arr[i++] += 10;
  arr[i] = i++ + i;
  return { out, s, n, x, y, o, arr, i };
};
