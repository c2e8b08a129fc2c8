import Papa from 'papaparse';

export default () => {
  const text = 'name,n,note\n"Ada ""A""",1,"two\nlines"\nBob,2.5,\nshort\n';
  const steps = [];
  Papa.parse(text, { step: ({ data }) => steps.push(data.length) });
  const parsed = Papa.parse(text, { header: true, dynamicTyping: true, skipEmptyLines: true });
  return {
    data: parsed.data,
    errors: parsed.errors.map(({ code, row }) => [code, row]),
    delimiter: Papa.parse('a;b\n1;2').meta.delimiter,
    steps,
    out: Papa.unparse(
      [
        { a: 1, b: 'x,y' },
        { a: null, b: '"' },
      ],
      { quotes: [false, true] },
    ),
    typed: Papa.parse('true,1e3,abc', { dynamicTyping: true }).data,
  };
};
