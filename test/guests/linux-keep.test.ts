// What the host keeps for a Linux program is bounded, counted, and put back.
import test from 'ava';
import { Engine } from '../../src/index.js';
import { codeOf, startEngine } from '../support/engine.js';
import { outcomeOf, uniqueName } from '../support/linux.js';
import { cProgram } from '../support/linux-build.js';
import { UNDER_QEMU } from '../support/sandbox.js';
import { compile, documentedCommands, isInstalled } from '../support/sandbox-compile.js';
import { testWith } from '../support/test-with.js';

const MIB = 2 ** 20;
/** What one file of the program has. */
const FILE_BYTES = 30 * MIB;
const POLICY = { timeoutMs: 60_000, heapBytes: 64 * MIB };

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

testWith(cProgram('keep', 'musl'), 'files that shrink give back their memory', async (t, program) => {
  const handle = await engine.define(uniqueName(), { linux: program() }, POLICY);
  const before = process.memoryUsage.rss();
  t.is((await handle.call('', { args: ['shrink', UNDER_QEMU ? '8' : '20'] })).exitCode, 0);
  t.true(process.memoryUsage.rss() - before < 4 * FILE_BYTES);
});

testWith(
  cProgram('keep', 'musl'),
  'changing rights over and over takes no memory of the host',
  async (t, program) => {
    const policy = { ...POLICY, timeoutMs: 110_000 };
    const handle = await engine.define(uniqueName(), { linux: program() }, policy);
    t.is((await handle.call('', { args: ['rights', '2'] })).exitCode, 0);
    const before = process.memoryUsage.rss();
    // 12,000 edits a round: where each is noted in 16 bytes, 88 MiB.
    t.is((await handle.call('', { args: ['rights', UNDER_QEMU ? '20' : '480'] })).exitCode, 0);
    t.true(process.memoryUsage.rss() - before < 60 * MIB);
  },
);

testWith(
  cProgram('keep', 'musl'),
  'files that a call left count as memory of its sandbox',
  async (t, program) => {
    const own = await startEngine(t, { workers: 1, residentBytes: 2 * FILE_BYTES });
    for (let i = 0; i < 4; i++) {
      const handle = await own.define(uniqueName(), { linux: program(), args: ['file'] }, POLICY);
      t.is((await handle.call()).exitCode, 0);
      const { bytes } = own.stats().residents;
      t.true(bytes > FILE_BYTES && bytes < 3 * FILE_BYTES, `${bytes}`);
    }
  },
);

testWith(
  cProgram('keep', 'glibc'),
  'rt_sigreturn loads no vector registers that a program does not have',
  async (t, program) => {
    const handle = await engine.define(uniqueName(), { linux: program() });
    t.is((await handle.call('', { args: ['vectors', '-1'] })).exitCode, 0);
    // MPX and AMX, which some machines have and no guest; one that there is not; the compact format's mark.
    for (const component of ['3', '4', '17', '18', '40', '63'])
      t.is((await handle.call('', { args: ['vectors', component] })).signal, 'SIGSEGV', component);
  },
);

const LONG_WRITE = `
#include <snapvm.h>
#include <stdlib.h>
#include <unistd.h>
enum { BYTES = 400 << 20 };
static int run(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  char* bytes = malloc(BYTES);
  return bytes == NULL || write(1, bytes, BYTES) <= 0;
}
static const snapvm_handler table[] = {{"run", run}};
int main(void) { snapvm_serve(table, 1); }
`;
test('one long write ends at the time limit', async (t) => {
  if (UNDER_QEMU || !isInstalled('gcc')) {
    t.log('not tested: needs gcc, and is slow in an emulator');
    t.pass();
    return;
  }
  const elf = compile(documentedCommands().linux, 'gcc', LONG_WRITE);
  const handle = await engine.define(uniqueName(), { elf }, { heapBytes: 500 * MIB, timeoutMs: 50 });
  const since = performance.now();
  t.is(await codeOf(handle.call('')), 'SNAPVM_CALL_TIMEOUT');
  t.true(performance.now() - since < 400);
});
