import he from 'he';

export default () => [
  he.encode('foo © bar ≠ baz 𝌆 qux <"&\'>'),
  he.encode('ü ©', { useNamedReferences: true }),
  he.encode('ab', { encodeEverything: true, decimal: true }),
  he.decode('&copy;&amp;&notin;&not &#x1D306; &#128512; &ampx &unknown;'),
  he.decode('foo&ampbar', { isAttributeValue: true }),
  he.escape('<script>alert("x")</script>'),
];
