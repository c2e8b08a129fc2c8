import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const SAMPLES = {
  date: ['2024-02-29', '2023-02-29'],
  'date-time': ['2024-01-01T10:00:00Z', '2024-01-01 10'],
  email: ['ada@example.org', 'ada@'],
  uri: ['https://example.org/a?b#c', 'no uri'],
  uuid: ['123e4567-e89b-12d3-a456-426614174000', '123'],
  ipv4: ['10.0.0.1', '10.0.0.256'],
  ipv6: ['fe80::1', 'fe80:::1'],
  regex: ['[a-z]+', '[a-'],
};

export default () => {
  const ajv = new Ajv();
  addFormats(ajv);
  return Object.entries(SAMPLES).map(([format, texts]) => [
    format,
    ...texts.map((text) => ajv.validate({ type: 'string', format }, text)),
  ]);
};
