import convert from 'xml-js';

export default () => {
  const text = '<?xml version="1.0"?><r a="1"><b>x &amp; y</b><b/><!-- c --><![CDATA[<d>]]></r>';
  const tree = convert.xml2js(text, { compact: true });
  let problem;
  try {
    convert.xml2js('<a><b></a>');
  } catch ({ message }) {
    problem = message.split('\n')[0];
  }
  return [
    tree,
    convert.xml2js(text),
    convert.js2xml(tree, { compact: true, spaces: 2 }),
    convert.xml2json('<a>1</a>', { compact: true, nativeType: true }),
    problem,
  ];
};
