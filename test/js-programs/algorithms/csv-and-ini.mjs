// Reading and writing CSV, INI and a little YAML.
const csv = {
  parse: (s, d = ',') => {
    const rows = [[]];
    let cell = '',
      q = false;
    for (let i = 0; i < s.length; i++) {
      const c = s[i];
      if (q) {
        if (c === '"' && s[i + 1] === '"') {
          cell += '"';
          i++;
        } else if (c === '"') q = false;
        else cell += c;
      } else if (c === '"') q = true;
      else if (c === d) {
        rows.at(-1).push(cell);
        cell = '';
      } else if (c === '\n') {
        rows.at(-1).push(cell);
        cell = '';
        rows.push([]);
      } else if (c !== '\r') cell += c;
    }
    if (cell || rows.at(-1).length) rows.at(-1).push(cell);
    else rows.pop();
    return rows;
  },
  write: (rows) =>
    rows
      .map((r) => r.map((c) => (/[",\n]/.test(c) ? `"${String(c).replaceAll('"', '""')}"` : c)).join())
      .join('\n'),
  objects: ([h, ...rows]) => rows.map((r) => Object.fromEntries(h.map((k, i) => [k, r[i] ?? null]))),
};
const ini = (s) => {
  const out = {};
  let at = out;
  for (const raw of s.split('\n')) {
    const l = raw.replace(/[;#].*$/, '').trim();
    let m;
    if ((m = /^\[(.+)\]$/.exec(l))) at = m[1].split('.').reduce((o, k) => (o[k] ??= {}), out);
    else if ((m = /^([^=]+?)\s*=\s*(.*)$/.exec(l))) {
      const v =
        m[2] === 'true'
          ? true
          : m[2] === 'false'
            ? false
            : m[2] !== '' && !Number.isNaN(+m[2])
              ? +m[2]
              : m[2];
      if (m[1].endsWith('[]')) (at[m[1].slice(0, -2)] ??= []).push(v);
      else at[m[1]] = v;
    }
  }
  return out;
};
const yaml = (s) => {
  const lines = s
    .split('\n')
    .filter((l) => l.trim())
    .map((l) => [/^ */.exec(l)[0].length, l.trim()]);
  const scalar = (v) => {
    try {
      return JSON.parse(v);
    } catch {
      return v;
    }
  };
  const block = (ind) => {
    let out;
    while (lines.length && lines[0][0] === ind) {
      const [, l] = lines.shift();
      if (l.startsWith('- ')) (out ??= []).push(scalar(l.slice(2)));
      else {
        const [k, ...v] = l.split(/:\s*/);
        (out ??= {})[k] = v.join(':') ? scalar(v.join(':')) : block(lines[0]?.[0]);
      }
    }
    return out;
  };
  return block(0);
};
export default () => {
  const t = 'id,name,note\r\n1,"Smith, J.","said ""hi""\nand left"\n2,,x\n';
  const rows = csv.parse(t);
  return {
    rows,
    objs: csv.objects(rows),
    round: csv.parse(csv.write(rows)).flat().join('|') === rows.flat().join('|'),
    semi: csv.parse('a;b', ';'),
    ini: ini(
      'top=1\n[db.main]\nhost = local ; note\nport=5432\non=true\nlist[]=a\nlist[]=2\n# gone\n[x]\nempty=',
    ),
    yaml: yaml('name: demo\nn: 5\nlist:\n  - 1\n  - two\nnested:\n  deep:\n    ok: true\n  last: null'),
  };
};
