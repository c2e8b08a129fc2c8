// Braces, slashes and angle signs that could be read in two ways.
export default () => {
  let a = 10,
    b = 2,
    g = 5;
  const x = a / b / g;
  const y = [1].map((v) => ({ v }))[0].v;
  const z = ((q) => {
    q: {
      break q;
    }
    return 'labelled';
  })();
  let i = 4;
  const m = i++ / 2;
  const r = i / b / g;
  const t = typeof /re/;
  const arr = [/a/g, /b/.source, 6 / 3][2];
  const cond = a ? /x/.test('x') : /y/;
  const n = a < b > g;
  const c = a-- > b;
  const neg = -(a ** 0);
  return [x, y, z, m, r, t, arr, cond, n, c, neg];
};
