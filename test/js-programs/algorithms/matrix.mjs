// Matrices: product, power, determinant, inverse, LU, transpose, Fibonacci by powers.
const mul = (a, b) => a.map((r) => b[0].map((_, j) => r.reduce((s, x, k) => s + x * b[k][j], 0)));
const id = (n) => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => +(i === j)));
const pow = (m, n) => (n === 0 ? id(m.length) : n % 2 ? mul(m, pow(m, n - 1)) : pow(mul(m, m), n / 2));
const det = (m) =>
  m.length === 1
    ? m[0][0]
    : m[0].reduce((s, x, j) => s + (j % 2 ? -1 : 1) * x * det(m.slice(1).map((r) => r.toSpliced(j, 1))), 0);
const inv = (m) => {
  const d = det(m);
  const cof = m.map((r, i) =>
    r.map((_, j) => ((i + j) % 2 ? -1 : 1) * det(m.toSpliced(i, 1).map((q) => q.toSpliced(j, 1)))),
  );
  return cof[0].map((_, i) => cof.map((r) => r[i] / d + 0));
};
const lu = (a) => {
  const n = a.length,
    L = id(n),
    U = a.map((r) => [...r]);
  for (let k = 0; k < n; k++)
    for (let i = k + 1; i < n; i++) {
      L[i][k] = U[i][k] / U[k][k];
      for (let j = k; j < n; j++) U[i][j] -= L[i][k] * U[k][j];
    }
  return { L, U };
};
const rotate = (m) => m[0].map((_, j) => m.map((r) => r[j]).reverse());
export default () => {
  const a = [
    [2, 0, 1],
    [1, 3, 2],
    [1, 1, 4],
  ];
  return {
    mul: mul(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ),
    pow: pow(
      [
        [1, 1],
        [1, 0],
      ],
      50,
    )[0][1],
    det: [
      det(a),
      det([
        [1, 2],
        [2, 4],
      ]),
      det([[3]]),
    ],
    inv: inv(
      [
        [4, 7],
        [2, 6],
      ].map((r) => r.map((x) => x * 5)),
    ).map((r) => r.map((x) => Math.round(x * 1e6) / 1e6)),
    check: mul(a, inv(a)).map((r) => r.map((x) => Math.round(x * 1e9) / 1e9 + 0)),
    lu: lu([
      [4, 3],
      [8, 2],
    ]),
    rot: rotate([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    magic: (() => {
      const n = 5,
        m = Array.from({ length: n }, () => Array(n).fill(0));
      let [r, c] = [0, n >> 1];
      for (let k = 1; k <= n * n; k++) {
        m[r][c] = k;
        const [x, y] = [(r + n - 1) % n, (c + 1) % n];
        if (m[x][y]) r = (r + 1) % n;
        else [r, c] = [x, y];
      }
      return [m, m.map((q) => q.reduce((s, x) => s + x))];
    })(),
  };
};
