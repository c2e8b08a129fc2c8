import { stringify } from 'csv-stringify';
import { stringify as stringifySync } from 'csv-stringify/sync';

export default async () => {
  const rows = [
    { a: 1, b: 'x,y', c: true },
    { a: null, b: 'q"q', c: new Date(0) },
  ];
  const options = {
    header: true,
    columns: { a: 'A', b: 'B', c: 'C' },
    cast: { date: (value) => value.toISOString() },
  };
  const streamed = await new Promise((resolve, reject) => {
    stringify(rows, options, (error, text) => (error ? reject(error) : resolve(text)));
  });
  return [
    stringifySync(rows, options),
    streamed,
    stringifySync([[1, 'ü\n']], { delimiter: '\t', quoted: true }),
  ];
};
