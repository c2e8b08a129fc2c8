// A validator by schema with paths, references, combinators, defaults.
const types = {
  string: (v) => typeof v === 'string',
  number: Number.isFinite,
  integer: Number.isInteger,
  boolean: (v) => typeof v === 'boolean',
  array: Array.isArray,
  object: (v) => v !== null && typeof v === 'object' && !Array.isArray(v),
  null: (v) => v === null,
};
const check = (s, v, root = s, at = '') => {
  if (s.$ref)
    return check(
      s.$ref
        .slice(2)
        .split('/')
        .reduce((o, k) => o[k], root),
      v,
      root,
      at,
    );
  const e = [];
  const bad = (m) => e.push(`${at || '/'} ${m}`);
  if (s.type && ![s.type].flat().some((t) => types[t](v))) {
    bad(`type ${s.type}`);
    return e;
  }
  if ('const' in s && s.const !== v) bad('const');
  if (s.enum && !s.enum.includes(v)) bad('enum');
  if (v < s.minimum) bad('minimum');
  if (v > s.maximum) bad('maximum');
  if (s.multipleOf && v % s.multipleOf) bad('multipleOf');
  if (s.pattern && !new RegExp(s.pattern, 'u').test(v)) bad('pattern');
  if ([...((v ?? '')?.toString?.() ?? '')].length < s.minLength) bad('minLength');
  if (Array.isArray(v)) {
    if (v.length < s.minItems) bad('minItems');
    if (s.uniqueItems && new Set(v.map((x) => JSON.stringify(x))).size < v.length) bad('uniqueItems');
    if (s.items) v.forEach((x, i) => e.push(...check(s.items, x, root, `${at}/${i}`)));
  } else if (types.object(v)) {
    for (const k of s.required ?? []) if (!(k in v)) bad(`required ${k}`);
    for (const [k, x] of Object.entries(v)) {
      const p =
        s.properties?.[k] ??
        Object.entries(s.patternProperties ?? {}).find(([r]) => new RegExp(r).test(k))?.[1];
      if (p) e.push(...check(p, x, root, `${at}/${k}`));
      else if (s.additional === false) bad(`unknown ${k}`);
    }
  }
  for (const x of s.allOf ?? []) e.push(...check(x, v, root, at));
  if (s.anyOf && !s.anyOf.some((x) => !check(x, v, root, at).length)) bad('anyOf');
  if (s.oneOf && s.oneOf.filter((x) => !check(x, v, root, at).length).length !== 1) bad('oneOf');
  if (s.not && !check(s.not, v, root, at).length) bad('not');
  return e;
};
export default () => {
  const s = {
    type: 'object',
    required: ['id', 'tree'],
    additional: false,
    properties: {
      id: { type: 'integer', minimum: 1 },
      tags: { type: 'array', items: { type: 'string', pattern: '^\\p{Ll}+$' }, uniqueItems: true },
      tree: { $ref: '#/defs/node' },
      kind: { oneOf: [{ const: 'a' }, { type: 'number', multipleOf: 3 }, { type: 'number', multipleOf: 5 }] },
    },
    patternProperties: { '^x-': { type: ['null', 'boolean'] } },
    defs: {
      node: {
        type: 'object',
        required: ['v'],
        properties: { v: { not: { type: 'null' } }, kids: { type: 'array', items: { $ref: '#/defs/node' } } },
      },
    },
  };
  return [
    { id: 1, tree: { v: 1, kids: [{ v: 'x' }] }, 'x-ok': null },
    { id: 0, tree: { v: null, kids: [{}, { v: 1, kids: 5 }] } },
    { tags: ['a', 'B', 'a'], tree: { v: 1 }, more: 1, 'x-bad': 1 },
    [],
    { id: 1.5, tree: { v: 1 }, kind: 15 },
    { id: 2, tree: { v: 1 }, kind: 9 },
  ].map((v) => check(s, v));
};
