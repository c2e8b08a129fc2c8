// toFixed rounds the exact value, not the decimal one.
export default () =>
  [
    [1.005, 2],
    [1.45, 1],
    [8.345, 2],
    [0.5, 0],
    [1.5, 0],
    [2.5, 0],
    [-1.5, 0],
    [-0.0001, 2],
    [0, 2],
    [-0, 1],
    [1e21, 2],
    [123.456, 0],
    [1e-10, 5],
    [1e-7, 10],
    [0.000001, 7],
    [1000000000000000128, 1],
    [1.23e20, 2],
    [NaN, 2],
    [Infinity, 1],
    [5e-324, 3],
    [0.1, 20],
    [25, 100].slice(0, 1).concat(3),
    [10.235, 2],
    [4.35, 1],
  ]
    .map(([x, d]) => x.toFixed(d))
    .concat(
      [-1, 101, 'x', undefined].map((d) => {
        try {
          return (1.5).toFixed(d);
        } catch (e) {
          return e.name;
        }
      }),
    );
