import * as v from 'valibot';

export default async () => {
  const User = v.object({
    name: v.pipe(v.string(), v.trim(), v.minLength(2), v.maxLength(10)),
    mail: v.optional(v.pipe(v.string(), v.email())),
    way: v.variant('kind', [
      v.object({ kind: v.literal('a'), n: v.number() }),
      v.object({ kind: v.literal('b') }),
    ]),
    list: v.fallback(v.array(v.picklist(['x', 'y'])), ['x']),
    age: v.pipe(v.unknown(), v.transform(Number), v.integer()),
  });
  const bad = v.safeParse(User, {
    name: 'A',
    mail: 'x',
    way: { kind: 'a', n: '1' },
    list: ['z'],
    age: '1.5',
  });
  const later = v.pipeAsync(
    v.string(),
    v.checkAsync(async (text) => text === 'ok', 'not ok'),
  );
  return [
    v.parse(User, { name: ' Ada ', way: { kind: 'b' }, list: [], age: '36' }),
    v.flatten(bad.issues),
    await v.safeParseAsync(later, 'no').then(({ issues }) => issues[0].message),
    v.is(v.strictObject({}), { a: 1 }),
  ];
};
