import { z } from 'zod3';

export default () => {
  const User = z
    .object({
      name: z.string().min(2),
      mail: z.string().email().optional(),
      list: z.array(z.union([z.string(), z.number()])).nonempty(),
      on: z.coerce.date(),
    })
    .strict();
  const bad = User.safeParse({ name: 'A', mail: 'x', list: [], on: 'never', more: 1 });
  const Category = z.object({ name: z.string(), sub: z.lazy(() => Category.array()) });
  return [
    User.parse({ name: 'Ada', list: [1, 'a'], on: '2024-01-01' }),
    bad.error.issues.map(({ code, path, message }) => [code, path, message]),
    bad.error.flatten(),
    Category.parse({ name: 'a', sub: [{ name: 'b', sub: [] }] }),
    z.record(z.number()).safeParse({ a: 'x' }).error.format(),
    z
      .string()
      .transform((text) => text.length)
      .parse('abc'),
    User.partial().pick({ name: true }).parse({}),
  ];
};
