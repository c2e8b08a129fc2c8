// toString in every base, for integers and exact fractions.
export default () => ({
  ints: Array.from({ length: 35 }, (_, i) => (123456789).toString(i + 2)),
  neg: [(-255).toString(16), (-0).toString(2), (2 ** 53).toString(2), (2 ** 31 - 1).toString(36)],
  frac: [
    (0.5).toString(2),
    (0.75).toString(4),
    (-3.125).toString(8),
    (255.9375).toString(16),
    (0.1).toString(10),
  ],
  special: [NaN.toString(2), Infinity.toString(16), (1e21).toString(36)],
  errs: [1, 37, 0, NaN].map((r) => {
    try {
      return (1).toString(r);
    } catch (e) {
      return e.name;
    }
  }),
  def: (10).toString(undefined),
  parse: Array.from(
    { length: 35 },
    (_, i) => Number.parseInt((987654).toString(i + 2), i + 2) === 987654,
  ).every(Boolean),
});
