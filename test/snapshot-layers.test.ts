// Derived snapshots share what is equal: pages with their parent, whole layers with each other.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { native } from '../src/native.js';
import { type DerivedSnapshot, deriveSnapshot } from '../src/snapshot/derive.js';
import type { SnapshotDescriptor } from '../src/snapshot/descriptor.js';
import { Snapshot } from '../src/snapshot/snapshot.js';
import { Sandbox } from '../workers/sandbox.js';
import { nextTicket, PATIENT, TEST_BACKEND } from './support/sandbox.js';
import { PAGE } from './support/snapshot-build.js';
import { derivedSnapshot, parentSnapshot } from './support/store.js';

function isOpen(imageId: number): boolean {
  try {
    native().openImage(imageId).close();
    return true;
  } catch {
    return false;
  }
}

function ownImage({ descriptor }: DerivedSnapshot): number {
  return descriptor.layers.at(-1)?.imageId ?? -1;
}

test('equal layers are one, as long as anybody has it', async (t) => {
  const { descriptor: parent } = await parentSnapshot(t);
  const first = await derivedSnapshot(parent, 1);
  const second = await derivedSnapshot(parent, 1);
  const other = await derivedSnapshot(parent, 2);
  t.not(first.descriptor.id, second.descriptor.id);
  t.is(ownImage(first), ownImage(second));
  t.not(ownImage(first), ownImage(other));
  const image = ownImage(first);
  first.close();
  first.close();
  t.true(isOpen(image), 'the second has it still');
  const third = await derivedSnapshot(parent, 1);
  t.is(ownImage(third), image);
  for (const snapshot of [second, third, other]) snapshot.close();
  t.false(isOpen(image));
  const fourth = await derivedSnapshot(parent, 1);
  t.not(ownImage(fourth), image);
  fourth.close();
});

test('snapshots of equal pages that differ otherwise are not mixed up', async (t) => {
  const { descriptor: parent } = await parentSnapshot(t);
  const one = await derivedSnapshot(parent, 30);
  const changes = [{ rsp: 0x5fff_fffe_0000n }, { functions: ['one'] }, { hostState: Uint8Array.of(1) }];
  for (const change of changes) {
    const other = await derivedSnapshot(parent, 30, change);
    t.not(other.descriptor.hash, one.descriptor.hash);
    t.not(ownImage(other), ownImage(one));
    other.close();
  }
  one.close();
});

test('a layer is written through its handle until it is sealed', (t) => {
  const image = native().createLayer(4 * PAGE);
  t.teardown(() => image.close());
  t.is(image.byteLength, 4 * PAGE);
  t.is(image.heldBytes, 0);
  image.write(PAGE + 1, Uint8Array.of(7));
  t.is(image.heldBytes, PAGE, 'pages that nobody wrote take no memory');
  for (const offset of [-1, 4 * PAGE, 4 * PAGE + 1, 2 ** 60]) {
    t.throws(() => image.write(offset, Uint8Array.of(1)), undefined, `${offset}`);
  }
  t.throws(() => image.write(1, new Uint8Array(4 * PAGE)));
  image.seal();
  t.throws(() => image.write(0, Uint8Array.of(1)), { message: /sealed/ });
  const back = new Uint8Array(2);
  image.read(PAGE, back);
  t.deepEqual([...back], [0, 7]);
  for (const bytes of [0, -PAGE, 1, PAGE + 1])
    t.throws(() => native().createLayer(bytes), undefined, `${bytes}`);
});

/**
 * Becomes ready anew each time it is entered. Of its pages A, B and C (each with zeros at first) the n-th time it
 * writes n into A; the first time 1 into B, the second time 0 into B again; never into C, but the second time it
 * writes what is there.
 */
const GUEST = `
    .globl _start
_start:
    mov 24(%rdi), %rbx              # the output buffer, from the PEB
    lea a(%rip), %rsi
    incq (%rsi)
    mov (%rsi), %rax
    lea b(%rip), %rsi
    and $1, %rax
    mov %rax, (%rsi)
    lea c(%rip), %rsi
    movq $0, (%rsi)
    movl $1, (%rbx)                 # abi
    movl $1, 4(%rbx)                # kind: ready
    movq $3, 16(%rbx)
    movl $0x006968, 64(%rbx)        # "hi"
    lea _start(%rip), %rax
    out %al, $108
    .bss
    .balign 4096
a:  .skip 4096
b:  .skip 4096
c:  .skip 4096
    .section .note.GNU-stack, "", @progbits
`;

function assemble(): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-layers-'));
  try {
    writeFileSync(join(folder, 'guest.S'), GUEST);
    const run = spawnSync('cc', ['-nostdlib', '-static', 'guest.S', '-o', 'guest.elf'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(run.stderr);
    return new Uint8Array(readFileSync(join(folder, 'guest.elf')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Enters a guest to initialise, and freezes it. */
async function freeze(t: ExecutionContext, from: SnapshotDescriptor): Promise<DerivedSnapshot> {
  const sandbox = new Sandbox(from, { maxExits: 10, maxLogBytes: 100, verifyRestore: false }, TEST_BACKEND);
  try {
    const exit = sandbox.initialise(nextTicket(), PATIENT);
    if (exit.kind !== 'ready') throw new Error(`it ended with ${JSON.stringify(exit)}`);
    const { image, ...state } = sandbox.capture();
    const frozen = { kind: 'call' as const, functions: exit.functions, imageId: image.id, ...state };
    const derived = await deriveSnapshot(from, frozen);
    image.close();
    t.teardown(() => derived.close());
    return derived;
  } finally {
    sandbox.close();
  }
}

/** What a layer has in the first word of a page, or `undefined` when the page is not in it. */
function wordAt({ state, image }: DerivedSnapshot, gpa: number): number | undefined {
  const index = state.pages.indexOf(gpa);
  if (index < 0) return undefined;
  const bytes = Buffer.alloc(8);
  image.read(index * PAGE, bytes);
  return Number(bytes.readBigUInt64LE());
}

test('a layer over layers has the pages that differ from those below, and no others', async (t) => {
  const snapshot = await Snapshot.build({ elf: assemble() });
  t.teardown(() => snapshot.close());
  const first = await freeze(t, snapshot.descriptor);
  // A frozen guest that is to become ready once more, as when it is specialised.
  const again = (from: DerivedSnapshot): SnapshotDescriptor => ({
    ...from.descriptor,
    entry: { ...from.descriptor.entry, kind: 'initialise' },
  });
  const second = await freeze(t, again(first));
  const third = await freeze(t, again(second));
  const bss = first.state.pages[0] ?? -1;
  const [a, b, c] = [bss, bss + PAGE, bss + 2 * PAGE];
  t.is(wordAt(first, a), 1);
  t.is(wordAt(first, b), 1);
  t.is(wordAt(first, c), undefined, 'written, but as it was');
  t.is(wordAt(second, a), 2);
  t.is(wordAt(second, b), 0, 'as in the image, but not as in the layer between');
  t.is(wordAt(third, a), 3);
  t.is(wordAt(third, b), 1);
  t.deepEqual([...second.state.pages], [a, b], 'and nothing else, so not what only the first layer has');
  t.deepEqual([...third.state.pages], [a, b]);
  t.is(third.descriptor.layers.length, 4);
  t.is(third.parentHash, second.descriptor.hash);
});
