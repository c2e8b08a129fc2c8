import {
  determinant,
  EigenvalueDecomposition,
  inverse,
  Matrix,
  QrDecomposition,
  SingularValueDecomposition,
  solve,
} from 'ml-matrix';

const rounded = (matrix) => matrix.to2DArray().map((row) => row.map((n) => Math.round(n * 1e8) / 1e8 + 0));

export default () => {
  const a = new Matrix([
    [4, 1, 2],
    [1, 3, 0],
    [2, 0, 5],
  ]);
  const b = Matrix.columnVector([1, 2, 3]);
  return {
    product: rounded(a.mmul(a.transpose())),
    inverse: rounded(inverse(a)),
    solved: rounded(solve(a, b)),
    determinant: determinant(a).toFixed(6),
    values: new EigenvalueDecomposition(a).realEigenvalues.map((n) => n.toFixed(6)).sort(),
    r: Math.abs(new QrDecomposition(a).upperTriangularMatrix.get(0, 0)).toFixed(6),
    rank: new SingularValueDecomposition(
      new Matrix([
        [1, 2],
        [2, 4],
      ]),
    ).rank,
    sums: [a.sum(), a.sum('row'), a.mean()],
  };
};
