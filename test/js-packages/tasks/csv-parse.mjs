import { parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';

export default async () => {
  const text = '\ufeffname;n;note\n"Ada ""A""";1;"two\nlines"\nBob;2,5;\n# no\n';
  const options = {
    delimiter: ';',
    columns: true,
    bom: true,
    comment: '#',
    cast: (value, { column }) => (column === 'n' ? Number(value.replace(',', '.')) : value),
  };
  const streamed = [];
  for await (const row of parse(text, options)) streamed.push(row);
  let problem;
  try {
    parseSync('a,b\n1,2,3');
  } catch ({ code, lines }) {
    problem = { code, lines };
  }
  return { rows: parseSync(text, options), streamed, problem };
};
