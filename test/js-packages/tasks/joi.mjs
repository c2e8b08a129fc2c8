import Joi from 'joi';

export default () => {
  const schema = Joi.object({
    name: Joi.string().min(2).trim().required(),
    mail: Joi.string().email({ tlds: false }),
    age: Joi.number().integer().positive().default(18),
    kind: Joi.valid('a', 'b'),
    extra: Joi.when('kind', { is: 'a', then: Joi.required(), otherwise: Joi.forbidden() }),
    on: Joi.date().iso(),
    list: Joi.array().items(Joi.number(), Joi.boolean()).unique(),
  }).xor('mail', 'on');
  const check = (value) => {
    const { error, value: out } = schema.validate(value, { abortEarly: false });
    return error ? error.details.map(({ message, type }) => [type, message]) : out;
  };
  return [
    check({ name: ' Ada ', mail: 'a@b.org', kind: 'b', list: ['1', true] }),
    check({ name: 'A', age: -1, kind: 'a', list: [1, 1] }),
    check({ name: 'Bo', on: '2024-01-01T00:00:00.000Z', kind: 'b', extra: 1 }),
    Joi.attempt('5', Joi.number()),
  ];
};
