import sax from 'sax';

export default () => {
  const events = [];
  const parser = sax.parser(true, { xmlns: true, trim: true });
  for (const name of [
    'opentag',
    'closetag',
    'text',
    'cdata',
    'comment',
    'processinginstruction',
    'doctype',
  ]) {
    parser[`on${name}`] = (value) =>
      events.push([name, typeof value === 'object' ? [value.name, value.uri ?? value.body] : value]);
  }
  parser.onerror = (error) => {
    events.push(['error', error.message.split('\n')[0]]);
    parser.resume();
  };
  for (const part of [
    '<?xml version="1.0"?><!DOCTYPE r><r xmlns:x="urn:x"><x:a b="1">te',
    'xt &amp; &#233;</x:a><![CDATA[<raw>]]><!-- c --><e/>',
    '<bad></r>',
  ])
    parser.write(part);
  parser.close();
  return events;
};
