// Lines of JSON, a streaming splitter, number fidelity, key order, escaping for embedding.
export default () => {
  const rows = [{ id: 1, t: 'a\nb' }, { id: 2, n: [1.5, -0, 1e21] }, null, 'x', [[]]];
  const text = rows.map((r) => JSON.stringify(r)).join('\n');
  const split = (s) => {
    const out = [];
    let d = 0,
      q = false,
      st = 0;
    for (let i = 0; i < s.length; i++) {
      const c = s[i];
      if (q) {
        if (c === '\\') i++;
        else if (c === '"') q = false;
      } else if (c === '"') q = true;
      else if ('{['.includes(c)) {
        if (d++ === 0) st = i;
      } else if ('}]'.includes(c) && --d === 0) out.push(s.slice(st, i + 1));
    }
    return out;
  };
  const html = (v) =>
    JSON.stringify(v).replace(
      /[<>&\u2028\u2029]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return [
    text.split('\n').length,
    JSON.stringify(text.split('\n').map((l) => JSON.parse(l))),
    split('{"a":"}]"}[1,[2]] {"b":{"c":"\\"}"}}').map((s) => JSON.parse(s)),
    html('</script>\u2028&'),
    JSON.parse(html('</script>&')),
    Object.is(JSON.parse('-0'), -0),
    JSON.parse('1.0'),
    JSON.stringify(JSON.parse('{"b":1,"a":2,"10":3,"9":4}')),
    JSON.parse('[1e2,1E+2,100.0]'),
    JSON.stringify({ '\u2028': '\u2029', '"': '\\' }),
    JSON.parse('"\\u0022\\u005c"'),
  ];
};
