// A traffic light and a tokenizer as generators that are sent characters.
function* tokenizer() {
  let token = null,
    c = yield;
  const out = (t) => {
    token = t;
  };
  for (;;) {
    if (c === undefined) return 'eof';
    if (/\s/.test(c)) {
      c = yield null;
      continue;
    }
    if (/\d/.test(c)) {
      let n = '';
      while (c !== undefined && /[\d.]/.test(c)) {
        n += c;
        c = yield null;
      }
      out({ num: Number(n) });
      c = (yield token) ?? c;
      continue;
    }
    if (/[a-z]/.test(c)) {
      let n = '';
      do {
        n += c;
        c = yield null;
      } while (c !== undefined && /\w/.test(c));
      out({ id: n });
      c = (yield token) ?? c;
      continue;
    }
    out({ op: c });
    c = yield token;
  }
}
function* light() {
  for (;;) {
    let cmd = yield 'green';
    if (cmd === 'fault') break;
    yield 'yellow';
    cmd = yield 'red';
    if (cmd === 'fault') break;
  }
  for (;;) yield 'blink';
}
export default () => {
  const feed = (src) => {
    const t = tokenizer();
    t.next();
    const out = [];
    for (const c of [...src, undefined, undefined, undefined]) {
      let r = t.next(c);
      if (r.value) out.push(r.value);
      if (r.value && r.value !== 'eof' && !r.value.op) {
        r = t.next();
        if (r.value) out.push(r.value);
      }
      if (r.done) break;
    }
    return out;
  };
  const l = light();
  return {
    tokens: feed('x1 = 42+foo*3.5 ;'),
    lights: [undefined, 1, 2, 3, 'fault', 4, 5].map((c) => l.next(c).value),
  };
};
