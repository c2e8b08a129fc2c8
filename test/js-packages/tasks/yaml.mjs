import YAML from 'yaml';

export default () => {
  const text =
    '# head\na: &x\n  - 1\n  - "two"\nb: *x\nc: |\n  line\n  more\n? [k, l]\n: v\nd: 2001-12-14 # end\ne: !!binary aGk=\n';
  const document = YAML.parseDocument(text);
  document.set('new', [1, { deep: true }]);
  document.deleteIn(['a', 0]);
  const bad = YAML.parseDocument('a: [1\nb: 2');
  return [
    String(document),
    YAML.parse('- yes\n- 0o17\n- ~\n- .inf', { version: '1.1' }).map(String),
    YAML.stringify({ a: 'x: y', b: 'multi\nline', c: [[1], {}], d: null }, { lineWidth: 20 }),
    bad.errors.map(({ code, linePos }) => [code, linePos?.[0]]),
    YAML.parseAllDocuments('a\n---\nb').length,
  ];
};
