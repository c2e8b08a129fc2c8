import Table from 'cli-table3';

export default () => {
  const plain = new Table({
    head: ['name', 'n'],
    colWidths: [12, 6],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  plain.push(['a long name here', 1], [{ colSpan: 2, content: 'both', hAlign: 'center' }], ['漢字', 22]);
  const cross = new Table({ head: ['', 'x'], style: { head: [], border: [] } });
  cross.push({ row: ['y'] });
  return [plain.toString(), cross.toString()];
};
