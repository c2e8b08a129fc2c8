import { JSONPath } from 'jsonpath-plus';

export default () => {
  const json = {
    store: {
      book: [
        { t: 'A', p: 8 },
        { t: 'B', p: 12, isbn: 1 },
        { t: 'C', p: 9 },
      ],
      bike: { p: 20 },
    },
  };
  return [
    '$.store.book[*].t',
    '$..p',
    '$..book[?(@.p<10)].t',
    '$..book[-1:].t',
    '$..book[?(@.isbn)]',
    '$.store.*~',
    '$..book[0,1].p',
    '$..bike^',
  ].map((path) => JSONPath({ path, json }));
};
