import ExcelJS from 'exceljs';

export default async () => {
  const book = new ExcelJS.Workbook();
  book.created = book.modified = new Date(0);
  const sheet = book.addWorksheet('Blatt');
  sheet.columns = [
    { header: 'Name', key: 'name', width: 20 },
    { header: 'N', key: 'n' },
  ];
  sheet.addRows([
    { name: 'Ada', n: 1.5 },
    { name: 'Böb', n: 2 },
  ]);
  sheet.getCell('B4').value = { formula: 'SUM(B2:B3)', result: 3.5 };
  sheet.getRow(1).font = { bold: true };
  sheet.mergeCells('A5:B5');
  const read = new ExcelJS.Workbook();
  await read.xlsx.load(await book.xlsx.writeBuffer());
  const other = read.getWorksheet('Blatt');
  const rows = [];
  other.eachRow((row) => rows.push(row.values.slice(1)));
  return {
    rows,
    bold: other.getCell('A1').font.bold,
    merged: other.getCell('B5').isMerged,
    width: other.getColumn(1).width,
  };
};
