/** Layers: a ready snapshot is what differs from its parent, and what runs from it sees all layers at once. */
import assert from 'node:assert/strict';
import type { DerivedSnapshot } from '../../src/snapshot/derive.js';
import type { SnapshotDescriptor } from '../../src/wire/descriptor.js';
import { Cases } from './case.js';
import { nextTicket, PATIENT } from './guest.js';

const cases = new Cases('layers');
export const layerCases = cases.all;

const PAGE = 0x1000;

/** What a layer has in the first word of a page, or `undefined` when the page is not in it. */
function wordIn({ state, image }: DerivedSnapshot, gpa: number): number | undefined {
  const index = state.pages.indexOf(gpa);
  if (index < 0) return undefined;
  const bytes = Buffer.alloc(8);
  image.read(index * PAGE, bytes);
  return Number(bytes.readBigUInt64LE());
}

/** A frozen guest that is to become ready once more, as when it is specialised. */
function again({ descriptor }: DerivedSnapshot): SnapshotDescriptor {
  return { ...descriptor, entry: { ...descriptor.entry, kind: 'initialise' } };
}

cases.add(
  'a layer over layers has the pages that differ from those below, and no others',
  async (context) => {
    const { descriptor } = await context.snapshot('conformance/layers');
    const first = await context.freeze(descriptor);
    const second = await context.freeze(again(first));
    const third = await context.freeze(again(second));
    const bss = first.state.pages[0] ?? -1;
    const [a, b, c] = [bss, bss + PAGE, bss + 2 * PAGE];
    assert.equal(wordIn(first, a), 1);
    assert.equal(wordIn(first, b), 1);
    assert.equal(wordIn(first, c), undefined, 'written, but as it was');
    assert.equal(wordIn(second, a), 2);
    assert.equal(wordIn(second, b), 0, 'as in the image, but not as in the layer between');
    assert.equal(wordIn(third, a), 3);
    assert.equal(wordIn(third, b), 1);
    assert.deepEqual(
      [...second.state.pages],
      [a, b],
      'and nothing else, so not what only the first layer has',
    );
    assert.deepEqual([...third.state.pages], [a, b]);
    assert.equal(third.descriptor.layers.length, 4);
    assert.equal(third.parentHash, second.descriptor.hash);
  },
);

cases.add('memory of every depth equals its snapshot after a run', async (context) => {
  const { descriptor } = await context.snapshot('conformance/layers');
  let from = descriptor;
  for (let depth = 0; depth < 4; depth++) {
    const sandbox = context.sandbox(from);
    for (let turn = 0; turn < 3; turn++) {
      assert.equal(sandbox.initialise(nextTicket(), PATIENT).kind, 'ready');
      sandbox.handle.restore();
      assert.equal(sandbox.handle.findDifference(), undefined, `depth ${depth}, turn ${turn}`);
    }
    from = again(await context.freeze(from));
  }
});

cases.add('equal layers are one image, as long as anybody has it', async (context) => {
  const { descriptor } = await context.snapshot('conformance/layers');
  const [one, other] = [await context.freeze(descriptor), await context.freeze(descriptor)];
  const imageOf = ({ descriptor: { layers } }: DerivedSnapshot) => layers.at(-1)?.imageId;
  assert.equal(imageOf(one), imageOf(other));
  one.close();
  const sandbox = context.sandbox(again(other));
  assert.equal(sandbox.initialise(nextTicket(), PATIENT).kind, 'ready');
});

cases.add(
  'JavaScript functions share the layers of their runtime and see only their own',
  async (context) => {
    const engine = await context.engine();
    const define = (name: string, value: string) =>
      engine.define(name, {
        js: `const kept = ${JSON.stringify(value)}; let calls = 0; export default () => kept + ++calls;`,
      });
    const handles = await Promise.all(
      ['a', 'b', 'c'].map((name) => define(`layer-${name}`, name.repeat(5000))),
    );
    for (let turn = 0; turn < 2; turn++) {
      for (const [index, handle] of handles.entries())
        assert.equal(await handle.call(), `${'abc'[index]?.repeat(5000)}1`);
    }
    assert.equal(new Set(handles.map(({ hash }) => hash)).size, 3);
    for (const handle of handles) await handle.undefine();
  },
);
