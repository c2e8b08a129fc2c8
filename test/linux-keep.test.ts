// What the host keeps for a Linux program is bounded, counted, and put back.
import test from 'ava';
import { Engine } from '../src/index.js';
import { outcomeOf, uniqueName } from './support/linux.js';
import { cProgram } from './support/linux-build.js';
import { testWith } from './support/test-with.js';

let engine: Engine;
test.before(async () => {
  engine = await Engine.start({ workers: 1 });
});
test.after.always(() => engine.close());

for (const kind of ['glibc', 'musl'] as const) {
  testWith(
    cProgram('keep', kind),
    `the signals that rt_sigreturn blocks are not blocked in the next call (${kind})`,
    async (t, program) => {
      const source = { linux: program(), args: ['mask'] };
      const handle = await engine.define(uniqueName(), source, { warm: 'stdin' });
      t.is(outcomeOf(await handle.call('get')).stdout, '0\n');
      t.is((await handle.call('set')).exitCode, 0);
      t.is(outcomeOf(await handle.call('get')).stdout, '0\n');
    },
  );
}
