import xml2js from 'xml2js';

export default async () => {
  const text = '<r a="1"><b>x &amp; y</b><b n="2"/><c> 5 </c></r>';
  const tree = await xml2js.parseStringPromise(text);
  const flat = await xml2js.parseStringPromise(text, {
    explicitArray: false,
    mergeAttrs: true,
    trim: true,
    valueProcessors: [xml2js.processors.parseNumbers],
  });
  const problem = await xml2js
    .parseStringPromise('<a><b></a>')
    .catch(({ message }) => message.split('\n')[0]);
  return [tree, flat, new xml2js.Builder({ headless: true }).buildObject(tree), problem];
};
