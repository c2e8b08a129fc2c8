// `snapvm bench density`: a thousand functions on one runtime, or as many as are asked for.
import test from 'ava';
import { failsWith, json, snapvm } from '../support/cli.js';

interface Density {
  readonly [field: string]: unknown;
  readonly tenants: number;
  readonly first: { readonly own: number; readonly shared: number };
  readonly further: { readonly max: number; readonly median: number };
  readonly total: number;
}

test('each further JavaScript function costs at most 300,000 bytes', async (t) => {
  const { tenants, first, further, total } = (await json(t, [
    'bench',
    'density',
    '--tenants',
    '20',
  ])) as Density;
  t.is(tenants, 20);
  t.true(first.shared > first.own);
  t.true(further.max > 0 && further.max <= 300_000, `${further.max} bytes`);
  t.true(total <= first.shared + first.own + 19 * further.max);
  t.log(`${further.median} bytes each`);
});

test('the text has the same figures', async (t) => {
  const { code, stdout, stderr } = await snapvm(['bench', 'density', '--tenants', '3']);
  t.is(code, 0, stderr);
  t.regex(stdout.toString(), /3 JavaScript functions on one runtime/);
  t.regex(stdout.toString(), /image bytes +\S+ [KM]iB/);
});

test('other benches and impossible numbers of tenants are mistakes', async (t) => {
  await failsWith(t, ['bench', 'densitty'], 2, 'density');
  await failsWith(t, ['bench'], 2, '<density>');
  await failsWith(t, ['bench', 'density', '--tenants', '0'], 2, '--tenants');
});
