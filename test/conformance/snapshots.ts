/** Snapshots: what they are named by, what runs from them, and that they are what they say. */
import assert from 'node:assert/strict';
import { SnapvmError } from '../../src/base/errors.js';
import type { RegionName } from '../../src/snapshot/layout.js';
import { Cases } from './case.js';
import type { Context, GuestOptions } from './context.js';
import { nextTicket, PATIENT, scaled } from './guest.js';

const cases = new Cases('snapshots');
export const snapshotCases = cases.all;

const PROBE = 'conformance/probe';

async function hashOf(context: Context, name: string, options: GuestOptions = {}): Promise<string> {
  return (await context.snapshot(name, options)).hash;
}

cases.add('the same guest has the same hash, another guest, size or data another', async (context) => {
  const first = await hashOf(context, PROBE);
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.equal(await hashOf(context, PROBE), first);
  const others = [
    await hashOf(context, 'conformance/probe.pie'),
    await hashOf(context, PROBE, { initData: Buffer.from('a') }),
    await hashOf(context, PROBE, { initData: Buffer.from('b') }),
    await hashOf(context, PROBE, { config: { heapBytes: 0x30000 } }),
    await hashOf(context, PROBE, { config: { logLevel: 1 } }),
  ];
  assert.equal(new Set([first, ...others]).size, 6);
});

cases.add(
  'a guest that has become ready is entered at its dispatch address, with its names',
  async (context) => {
    const { snapshot, descriptor } = await context.ready(PROBE);
    assert.equal(snapshot.descriptor.entry.kind, 'initialise');
    assert.deepEqual([...snapshot.descriptor.functions], []);
    assert.equal(descriptor.entry.kind, 'call');
    assert(descriptor.functions.includes('read_byte'));
    assert.notEqual(descriptor.hash, snapshot.hash);
  },
);

cases.add(
  'Initialise is deterministic: the same snapshot becomes the same ready snapshot',
  async (context) => {
    for (const name of [PROBE, 'examples/echo', 'hostile/leak']) {
      const { descriptor } = await context.snapshot(name);
      const [one, other] = [await context.freeze(descriptor), await context.freeze(descriptor)];
      assert.equal(one.descriptor.hash, other.descriptor.hash, name);
    }
  },
);

cases.add('a ready snapshot has the pages that Initialise changed, and no others', async (context) => {
  const { descriptor, layout } = await context.snapshot('conformance/layers');
  const { state } = await context.freeze(descriptor);
  const gpaOf = (wanted: RegionName): number =>
    layout.regions.find(({ name }) => name === wanted)?.gpa ?? Number.NaN;
  const variables = gpaOf('data');
  // Pages A and B of layers.S, and the entry block, which now says how a call is entered.
  assert.deepEqual([...state.pages], [variables, variables + 0x1000, gpaOf('monitor stub')]);
});

cases.add('memory equals the snapshot before and after calls, ready or not', async (context) => {
  for (const name of [PROBE, 'conformance/probe.pie', 'examples/echo']) {
    const { sandbox } = await context.cold(name);
    sandbox.handle.restore();
    assert.equal(sandbox.handle.findDifference(), undefined, `${name}, before its first run`);
    assert.equal(sandbox.initialise(nextTicket(), PATIENT).kind, 'ready');
    sandbox.handle.restore();
    assert.equal(sandbox.handle.findDifference(), undefined, `${name}, after Initialise`);
    const ready = await context.ready(name);
    ready.sandbox.handle.restore();
    assert.equal(ready.sandbox.handle.findDifference(), undefined, `${name}, ready`);
  }
});

cases.add('init data of many pages reaches the guest byte for byte', async (context) => {
  const initData = Uint8Array.from({ length: 10_001 }, (_, i) => i * 31 + (i >> 8));
  const guest = await context.ready(PROBE, { initData, config: { outputBytes: 0x8000 } });
  assert.deepEqual(guest.output('init_data'), Buffer.from(initData));
});

cases.add('a guest without init data finds none', async (context) => {
  const guest = await context.ready(PROBE);
  assert.equal(guest.output('init_data').length, 0);
});

cases.add('programs of other shapes give the answers of the examples', async (context) => {
  const echo = await context.ready('examples/echo', { verifyRestore: true });
  const count = await context.ready('examples/wordcount', { verifyRestore: true });
  for (let turn = 0; turn < scaled(10); turn++) {
    assert.equal(echo.text('echo', `hello ${turn}`), `hello ${turn}`);
    assert.equal(echo.text('reverse', 'stressed'), 'desserts');
    assert.equal(count.text('count', 'one two\nthree\n'), '2 3 14');
    assert.equal(count.text('top', 'b a b'), '2 b\n1 a\n');
  }
});

cases.add('a snapshot that was released is refused, and so is what was made of it', async (context) => {
  const { snapshot, sandbox } = await context.cold('examples/echo');
  assert.equal(sandbox.initialise(nextTicket(), PATIENT).kind, 'ready');
  const { descriptor } = snapshot;
  sandbox.close();
  snapshot.close();
  const code = (wanted: string) => (error: unknown) => error instanceof SnapvmError && error.code === wanted;
  assert.throws(() => context.sandbox(descriptor), code('SNAPVM_SNAPSHOT_CLOSED'));
  assert.throws(() => sandbox.initialise(nextTicket(), PATIENT), code('SNAPVM_SANDBOX_STATE'));
});

cases.add('a sandbox keeps the snapshot it was made of alive', async (context) => {
  const { snapshot, sandbox } = await context.cold('examples/echo');
  snapshot.close();
  assert.equal(sandbox.initialise(nextTicket(), PATIENT).kind, 'ready');
  const exit = sandbox.callReady(Buffer.from('x'), 0, nextTicket(), PATIENT);
  assert.equal(exit.kind === 'result' && Buffer.from(exit.output).toString(), 'x');
});
