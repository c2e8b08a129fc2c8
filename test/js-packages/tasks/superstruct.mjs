import {
  array,
  assert,
  coerce,
  create,
  date,
  defaulted,
  define,
  enums,
  is,
  mask,
  number,
  object,
  optional,
  refine,
  StructError,
  string,
  union,
} from 'superstruct';

export default () => {
  const Mail = define('Mail', (value) => typeof value === 'string' && value.includes('@'));
  const User = object({
    name: refine(string(), 'short', (text) => text.length < 5 || 'too long'),
    mail: optional(Mail),
    kind: enums(['a', 'b']),
    n: defaulted(number(), 7),
    list: array(union([string(), number()])),
  });
  const When = coerce(date(), string(), (text) => new Date(text));
  let failures;
  try {
    assert({ name: 'abcdef', mail: 'x', kind: 'c', n: 1, list: [true], more: 1 }, User);
  } catch (error) {
    failures =
      error instanceof StructError &&
      error.failures().map(({ path, type, message }) => [path, type, message]);
  }
  return [
    create({ name: 'Ada', kind: 'a', list: [] }, User),
    create('2024-01-01T00:00:00Z', When),
    mask({ name: 'A', kind: 'b', n: 1, list: [], more: 1 }, User),
    is({}, User),
    failures,
  ];
};
