import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';

export default () => {
  const text =
    '<?xml version="1.0"?><r a="1"><x>1.50</x><x>zwei &amp; drei</x><y><![CDATA[<z>]]></y><e/></r>';
  const options = { ignoreAttributes: false, attributeNamePrefix: '@', cdataPropName: '#cdata' };
  const tree = new XMLParser(options).parse(text);
  return {
    tree,
    ordered: new XMLParser({ preserveOrder: true }).parse('<a><b>1</b>t<b/></a>'),
    built: new XMLBuilder({ ...options, format: true }).build(tree),
    valid: XMLValidator.validate(text),
    invalid: XMLValidator.validate('<a><b></a>').err.code,
  };
};
