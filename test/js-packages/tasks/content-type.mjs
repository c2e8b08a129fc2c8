import * as contentType from 'content-type';

export default () => {
  const problems = ['', 'text', 'text/html; charset', 'text/html; a="b'].map((text) => {
    try {
      return contentType.parse(text);
    } catch ({ name }) {
      return name;
    }
  });
  return {
    parsed: contentType.parse('Text/HTML; charset="utf-8"; foo="a\\"b"'),
    formatted: contentType.format({ type: 'image/svg+xml', parameters: { a: 'b c', z: '1' } }),
    problems,
  };
};
