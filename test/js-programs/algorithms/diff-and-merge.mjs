// Line diff by longest common subsequence, unified hunks, three-way merge.
const lcs = (a, b) => {
  const t = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length; i--; )
    for (let j = b.length; j--; )
      t[i][j] = a[i] === b[j] ? t[i + 1][j + 1] + 1 : Math.max(t[i + 1][j], t[i][j + 1]);
  return t;
};
const diff = (a, b) => {
  const t = lcs(a, b),
    out = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      out.push([' ', a[i++]]);
      j++;
    } else if (i < a.length && (j >= b.length || t[i + 1][j] >= t[i][j + 1])) out.push(['-', a[i++]]);
    else out.push(['+', b[j++]]);
  }
  return out;
};
const apply = (a, d) => {
  let i = 0;
  return d.flatMap(([o, l]) => (o === '+' ? [l] : o === '-' ? (i++, []) : [a[i++]]));
};
const hunks = (d, ctx = 1) =>
  d
    .map((x, i) => (d.slice(Math.max(0, i - ctx), i + ctx + 1).some(([o]) => o !== ' ') ? x.join('') : null))
    .filter((x, i, xs) => x !== null || (i && xs[i - 1] !== null))
    .map((x) => x ?? '@@');
const merge = (o, a, b) => {
  const edits = (x) => {
    const m = new Map();
    let i = 0;
    for (const [op, l] of diff(o, x)) {
      const e = m.get(i) ?? { del: false, add: [] };
      if (op === '+') {
        e.add.push(l);
        m.set(i, e);
      } else if (op === '-') {
        m.set(i, { ...e, del: true });
        i++;
      } else i++;
    }
    return m;
  };
  const [ea, eb] = [edits(a), edits(b)];
  const out = [];
  for (let i = 0; i <= o.length; i++) {
    const [x, y] = [ea.get(i), eb.get(i)];
    if (x && y && JSON.stringify(x) !== JSON.stringify(y)) out.push('<<<', ...x.add, '===', ...y.add, '>>>');
    else out.push(...((x ?? y)?.add ?? []));
    if (i < o.length && !x?.del && !y?.del) out.push(o[i]);
  }
  return out.join('');
};
export default () => {
  const a = [...'the cat sat'],
    b = [...'a cat sits on'];
  const d = diff(a, b);
  return {
    d: d.map((x) => x.join('')).join('|'),
    back: apply(a, d).join(''),
    hunks: hunks(diff('abcdefghij'.split(''), 'abXdefghiYj'.split(''))),
    same: diff(['x'], ['x']),
    empty: diff([], ['n']),
    merge: [
      merge([...'abcdef'], [...'aXcdef'], [...'abcdeY']),
      merge([...'abc'], [...'aXc'], [...'aYc']),
      merge([...'abc'], [...'ac'], [...'ac']),
    ],
  };
};
