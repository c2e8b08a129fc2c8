import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';

export default () => {
  const order = Type.Object({
    id: Type.Integer({ minimum: 1 }),
    state: Type.Union([Type.Literal('open'), Type.Literal('done')]),
    lines: Type.Array(Type.Tuple([Type.String(), Type.Number()]), { minItems: 1 }),
    note: Type.Optional(Type.String({ pattern: '^[a-z]+$' })),
  });
  const check = TypeCompiler.Compile(order);
  const good = { id: 1, state: 'open', lines: [['a', 2]] };
  const bad = { id: 0, state: 'shut', lines: [], note: 'A' };
  return {
    good: check.Check(good),
    errors: [...check.Errors(bad)].map(({ path, message }) => [path, message]),
    made: Value.Create(order.properties.id),
    converted: Value.Convert(Type.Object({ a: Type.Number() }), { a: '12' }),
    difference: Value.Diff(good, { ...good, id: 3 }),
    schema: JSON.stringify(order),
  };
};
