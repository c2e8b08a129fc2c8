import Ajv from 'ajv';

export default () => {
  const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: true });
  ajv.addKeyword({ keyword: 'even', validate: (on, value) => !on || value % 2 === 0 });
  const validate = ajv.compile({
    $defs: { name: { type: 'string', pattern: '^\\p{L}[\\p{L}\\-]*$', minLength: 2 } },
    type: 'object',
    properties: {
      name: { $ref: '#/$defs/name' },
      n: { type: 'integer', even: true },
      tags: { type: 'array', uniqueItems: true, items: { enum: ['a', 'b'] }, default: ['a'] },
    },
    required: ['name'],
    additionalProperties: false,
  });
  const good = { name: 'Zoë-Ann', n: '12' };
  const results = [good, { n: 3, tags: ['a', 'a', 'c'], more: 1 }, { name: '1' }].map((value) => [
    validate(value),
    validate.errors?.map(({ instancePath, keyword, message }) => `${instancePath} ${keyword}: ${message}`),
  ]);
  return { results, good };
};
