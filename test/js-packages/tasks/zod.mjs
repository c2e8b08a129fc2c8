import { z } from 'zod';

export default async () => {
  const User = z.object({
    name: z.string().trim().min(2),
    mail: z.email().optional(),
    way: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), n: z.coerce.number() }),
      z.object({ kind: z.literal('b') }),
    ]),
    tags: z.set(z.string()).or(z.array(z.enum(['x', 'y']))),
    age: z.number().int().default(18),
  });
  const bad = User.safeParse({ name: 'A', mail: 'x', way: { kind: 'a', n: 'q' }, tags: ['z'], age: 1.5 });
  const later = z.string().refine(async (text) => text === 'ok', 'not ok');
  const Tree = z.object({
    n: z.number(),
    get children() {
      return z.array(Tree);
    },
  });
  return [
    User.parse({ name: ' Ada ', way: { kind: 'a', n: '5' }, tags: ['x'] }),
    bad.error.issues.map(({ code, path, message }) => [code, path, message]),
    z.treeifyError(bad.error).properties.name,
    await later.safeParseAsync('no').then(({ error }) => error.issues[0].message),
    Tree.parse({ n: 1, children: [{ n: 2, children: [] }] }),
    z.toJSONSchema(z.object({ a: z.string().max(3), b: z.number().nullable() })),
    z.templateLiteral(['id-', z.number()]).safeParse('id-5').success,
    z
      .string()
      .transform((text) => text.length)
      .pipe(z.number().max(2))
      .safeParse('abc').success,
  ];
};
