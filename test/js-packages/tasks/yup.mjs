import * as yup from 'yup';

export default async () => {
  const schema = yup.object({
    name: yup.string().trim().min(2).required(),
    mail: yup.string().email(),
    age: yup.number().integer().positive().default(18),
    kind: yup.string().oneOf(['a', 'b']),
    extra: yup.string().when('kind', { is: 'a', then: (given) => given.required('needed') }),
    list: yup.array().of(yup.number().max(5)),
    on: yup.date(),
  });
  const problem = await schema
    .validate({ name: 'A', mail: 'x', age: -1, kind: 'a', list: [9] }, { abortEarly: false })
    .catch(({ inner }) => inner.map(({ path, type, message }) => [path, type, message]));
  return [
    await schema.validate({ name: ' Ada ', kind: 'b', list: ['3'], on: '2024-01-01T00:00:00Z' }),
    problem,
    schema.isValidSync({}),
    yup.reach(schema, 'list').describe().type,
    schema.cast({ name: 'x', age: '7' }),
  ];
};
