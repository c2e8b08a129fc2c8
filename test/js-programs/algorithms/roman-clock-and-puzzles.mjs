// FizzBuzz, Josephus, Pascal, Nim, magic numbers, water jugs, clock angles, leap-frog.
export default () => {
  const jug = (a, b, t) => {
    const q = [[0, 0, []]],
      seen = new Set();
    for (const [x, y, p] of q) {
      if (x === t || y === t) return p;
      for (const [n, u, v] of [
        ['fa', a, y],
        ['fb', x, b],
        ['ea', 0, y],
        ['eb', x, 0],
        ['ab', Math.max(0, x + y - b), Math.min(b, x + y)],
        ['ba', Math.min(a, x + y), Math.max(0, x + y - a)],
      ])
        if (!seen.has(`${u},${v}`)) {
          seen.add(`${u},${v}`);
          q.push([u, v, [...p, n]]);
        }
    }
    return null;
  };
  const jos = (n, k) => {
    const a = Array.from({ length: n }, (_, i) => i + 1),
      out = [];
    for (let i = 0; a.length; ) {
      i = (i + k - 1) % a.length;
      out.push(...a.splice(i, 1));
    }
    return out;
  };
  const kap = (n) => {
    let c = 0;
    while (n !== 6174) {
      const d = [...String(n).padStart(4, '0')].sort().join('');
      n = [...d].reverse().join('') - d;
      c++;
    }
    return c;
  };
  return {
    fizz: Array.from({ length: 15 }, (_, i) => (++i % 3 ? '' : 'Fizz') + (i % 5 ? '' : 'Buzz') || i),
    jos: jos(7, 3),
    jug: [jug(3, 5, 4), jug(2, 4, 3)],
    kap: [3524, 1112, 9998].map(kap),
    clock: [
      [3, 0],
      [12, 30],
      [9, 45],
    ].map(([h, m]) => {
      const d = Math.abs(30 * (h % 12) - 5.5 * m);
      return Math.min(d, 360 - d);
    }),
    nim: [[3, 4, 5], [1, 1], [7]].map((p) => p.reduce((a, b) => a ^ b)),
    look: [13, 21, 20].map((n) => n.toString(2).split('').reverse().join('')),
  };
};
