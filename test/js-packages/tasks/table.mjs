import { createStream, getBorderCharacters, table } from 'table';

export default () => {
  const rows = [
    ['name', 'n'],
    ['a long name that wraps', 1],
    ['漢字', '\u001B[31mred\u001B[39m'],
  ];
  let problem;
  try {
    table([[1], [1, 2]]);
  } catch ({ message }) {
    problem = message;
  }
  return [
    table(rows, { columns: [{ width: 10, wrapWord: true }, { alignment: 'right' }] }),
    table(rows, { border: getBorderCharacters('ramac'), header: { content: 'Head', alignment: 'center' } }),
    table(
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      { spanningCells: [{ row: 0, col: 0, colSpan: 2 }], singleLine: true },
    ),
    typeof createStream,
    problem,
  ];
};
