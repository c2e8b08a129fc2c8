import { convert, create, fragment } from 'xmlbuilder2';

export default () => {
  const document = create({ version: '1.0' })
    .ele('r', { a: 'x"y' })
    .ele('b')
    .txt('1 < 2')
    .up()
    .ele('urn:x', 'n:c')
    .dat('<raw>')
    .up()
    .com('note')
    .doc();
  return [
    document.end({ prettyPrint: true }),
    document.end({ format: 'object' }),
    convert('<a><b>1</b><b c="2"/></a>', { format: 'object' }),
    create({ p: { '@id': '1', '#': 'text', list: { item: [1, 2] } } }).end({ headless: true }),
    fragment().ele('x').up().ele('y').toString(),
  ];
};
