// The id of a request.
import test from 'ava';
import { requestId } from '../../src/server/observe/request-id.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('what is sane is taken', (t) => {
  for (const id of ['a', '7e0c5c1a-1f6b-4b8e-9d0c-2a54d9a8e1ff', 'a.b_c:1', 'x'.repeat(128)]) {
    t.is(requestId(id), id);
  }
});

test('anything else gets a new one', (t) => {
  const given = [
    undefined,
    '',
    'x'.repeat(129),
    'a b',
    'a\nb',
    'é',
    '"',
    '<script>',
    'a,b',
    ['a', 'b'],
    'a\u2028',
  ];
  const made = given.map((header) => requestId(header));
  for (const id of made) t.regex(id, UUID);
  t.is(new Set(made).size, given.length);
});
