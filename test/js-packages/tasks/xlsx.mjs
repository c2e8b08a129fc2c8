import * as XLSX from 'xlsx';

export default () => {
  const sheet = XLSX.utils.json_to_sheet([
    { name: 'Ada', n: 1.5, ok: true },
    { name: 'Böb', n: 2, ok: false },
  ]);
  sheet['B4'] = { t: 'n', f: 'SUM(B2:B3)', v: 3.5 };
  sheet['!ref'] = 'A1:C4';
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, sheet, 'Blatt');
  const read = XLSX.read(XLSX.write(book, { type: 'array', bookType: 'xlsx' }), { type: 'array' });
  const other = read.Sheets.Blatt;
  return {
    names: read.SheetNames,
    rows: XLSX.utils.sheet_to_json(other),
    csv: XLSX.utils.sheet_to_csv(other),
    formula: other['B4'].f,
    html: XLSX.utils.sheet_to_html(other).includes('<td'),
    cell: XLSX.utils.encode_cell({ r: 9, c: 27 }),
  };
};
