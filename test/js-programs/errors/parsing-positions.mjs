// Errors that carry line and column, collected and rendered with carets; recovery at synchronisation points.
class Lang extends SyntaxError {
  constructor(msg, src, at) {
    super(msg);
    const before = src.slice(0, at).split('\n');
    this.line = before.length;
    this.col = before.at(-1).length + 1;
    this.text = src.split('\n')[this.line - 1];
  }
  get name() {
    return 'Lang';
  }
  render() {
    return `${this.line}:${this.col} ${this.message}\n${this.text}\n${' '.repeat(this.col - 1)}^`;
  }
}
const parse = (src) => {
  const errs = [],
    out = {};
  let i = 0;
  const ws = () => {
    while (/[ \t]/.test(src[i] ?? '')) i++;
  };
  const need = (re, what) => {
    ws();
    re.lastIndex = i;
    const m = re.exec(src);
    if (!m) throw new Lang(`expected ${what}`, src, i);
    i = re.lastIndex;
    return m[0];
  };
  while (i < src.length) {
    try {
      ws();
      if (src[i] === '\n') {
        i++;
        continue;
      }
      const k = need(/[a-z]+/y, 'name');
      need(/=/y, '=');
      const at = i;
      const v = need(/\d+|"[^"\n]*"/y, 'value');
      if (k in out) throw new Lang(`duplicate ${k}`, src, at);
      out[k] = JSON.parse(v);
      ws();
      if (i < src.length) need(/\n/y, 'end of line');
    } catch (e) {
      if (!(e instanceof Lang)) throw e;
      errs.push(e);
      while (i < src.length && src[i] !== '\n') i++;
    }
  }
  return { out, errs };
};
export default () => {
  const { out, errs } = parse('a = 1\nb 2\n\n  c = "x" y\nd = "open\na = 3\nlast = 9');
  return {
    out,
    errs: errs.map((e) => e.render()),
    kinds: errs.map((e) => [e.name, e instanceof SyntaxError, e.line]),
    ok: parse('z = 1').errs.length,
    str: String(errs[0]),
  };
};
