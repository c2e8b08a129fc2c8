// Every backend of this machine does all that the cases of test/conformance say; SNAPVM_BACKEND names one of them.
import test from 'ava';
import { BACKENDS, type Backend } from '../../src/base/backend-name.js';
import { type ProbedBackend, probeBackends } from '../../src/engine/backend.js';
import type { Case } from './case.js';
import { Fixtures } from './context.js';
import { CASES } from './index.js';
import { runCase, titleOf } from './run.js';

function register(one: Case, fixtures: Fixtures): void {
  const title = `${fixtures.backend}: ${titleOf(one)}`;
  const reason = one.unsupported?.[fixtures.backend];
  if (reason !== undefined) {
    test.skip(`${title} (skipped: ${reason})`, (t) => t.pass());
    return;
  }
  test.serial(title, async (t) => {
    const { status, message, notes = [] } = await runCase(one, fixtures);
    for (const note of notes) t.log(note);
    t.is(status, 'passed', message);
  });
}

function registerAll({ backend, error }: ProbedBackend): void {
  if (error !== undefined) {
    test.skip(`${backend} (skipped: ${error.message})`, (t) => t.pass());
    return;
  }
  const fixtures = new Fixtures(backend);
  test.after.always(() => fixtures.close());
  for (const one of CASES) register(one, fixtures);
}

function wanted(): readonly Backend[] {
  const name = process.env['SNAPVM_BACKEND'];
  if (name === undefined || name === '') return BACKENDS;
  const known = BACKENDS.filter((backend) => backend === name);
  if (known.length === 0) throw new Error(`SNAPVM_BACKEND is ${name}; it must be ${BACKENDS.join(' or ')}`);
  return known;
}

const names = wanted();
for (const probed of await probeBackends()) {
  if (names.includes(probed.backend)) registerAll(probed);
}

test('no two cases have the same name', (t) => {
  const titles = CASES.map(titleOf);
  t.deepEqual([...new Set(titles)], titles);
});
