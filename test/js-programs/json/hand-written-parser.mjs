// A JSON parser and printer by hand, compared with the built-in ones.
const parse = (s) => {
  let i = 0;
  const ws = () => {
    while (' \t\n\r'.includes(s[i]) && i < s.length) i++;
  };
  const fail = () => {
    throw new SyntaxError(`at ${i}`);
  };
  const lit = (t, v) => (s.startsWith(t, i) ? ((i += t.length), v) : fail());
  const str = () => {
    let out = '';
    i++;
    for (;;) {
      const c = s[i++];
      if (c === undefined || c < ' ') fail();
      if (c === '"') return out;
      if (c !== '\\') {
        out += c;
        continue;
      }
      const e = s[i++];
      if (e === 'u') {
        const h = s.slice(i, i + 4);
        if (!/^[\da-f]{4}$/i.test(h)) fail();
        out += String.fromCharCode(Number.parseInt(h, 16));
        i += 4;
      } else
        out += { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '"': '"', '\\': '\\', '/': '/' }[e] ?? fail();
    }
  };
  const val = () => {
    ws();
    const c = s[i];
    let v;
    if (c === '{') {
      v = {};
      i++;
      ws();
      if (s[i] === '}') i++;
      else
        for (;;) {
          ws();
          if (s[i] !== '"') fail();
          const k = str();
          ws();
          if (s[i++] !== ':') fail();
          v[k] = val();
          if (s[i] === ',') {
            i++;
            continue;
          }
          if (s[i++] === '}') break;
          fail();
        }
    } else if (c === '[') {
      v = [];
      i++;
      ws();
      if (s[i] === ']') i++;
      else
        for (;;) {
          v.push(val());
          if (s[i] === ',') {
            i++;
            continue;
          }
          if (s[i++] === ']') break;
          fail();
        }
    } else if (c === '"') v = str();
    else if (c === 't') v = lit('true', true);
    else if (c === 'f') v = lit('false', false);
    else if (c === 'n') v = lit('null', null);
    else {
      const m = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?/i.exec(s.slice(i));
      if (!m) fail();
      i += m[0].length;
      v = Number(m[0]);
    }
    ws();
    return v;
  };
  const v = val();
  if (i < s.length) fail();
  return v;
};
export default () => {
  const docs = [
    '{"a":[1,2.5e3,{"b":"\\u00e9\\n"}],"c":null}',
    ' [true , false ] ',
    '"x"',
    '[]',
    '-0.5',
    '{"":{}}',
    '[1,]',
    '{"a" 1}',
    '"\\q"',
    '01',
    '[[[[]]]]',
    'nulll',
  ];
  return docs.map((d) => {
    let mine, theirs;
    try {
      mine = JSON.stringify(parse(d));
    } catch (e) {
      mine = `${e.name} ${e.message}`;
    }
    try {
      theirs = JSON.stringify(JSON.parse(d));
    } catch (e) {
      theirs = e.name;
    }
    return [mine, mine.startsWith(theirs)];
  });
};
