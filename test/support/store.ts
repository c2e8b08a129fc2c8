/** Stores in folders of their own, and derived snapshots that no guest has to run for. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { addon } from '../../src/addon/addon.js';
import { blake3Of } from '../../src/snapshot/blake3.js';
import { type DerivedSnapshot, deriveSnapshot } from '../../src/snapshot/derive.js';
import type { Snapshot } from '../../src/snapshot/snapshot.js';
import { SnapshotStore, type StoreProblem } from '../../src/store/store.js';
import type { SnapshotDescriptor } from '../../src/wire/descriptor.js';
import type { FrozenState } from '../../src/wire/frozen.js';
import { filled } from './elf-builder.js';
import { buildTest, PAGE, USER_EXEC } from './snapshot-build.js';

export function temporaryFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-store-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A file system of so many bytes; `undefined`, with a word in the log, where none can be mounted. */
export function smallDisk(t: ExecutionContext, bytes: number): string | undefined {
  const folder = temporaryFolder(t);
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'snapvm-test', folder]);
  if (mount.status !== 0) {
    t.log('no file system can be mounted here: other tests stand in for a full disk');
    return undefined;
  }
  t.teardown(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

export interface OpenedStore {
  readonly store: SnapshotStore;
  /** What it told, so far. */
  readonly problems: StoreProblem[];
  /** The codes of that, which are then forgotten. */
  codes(): string[];
}

export async function openStore(directory: string): Promise<OpenedStore> {
  const problems: StoreProblem[] = [];
  const store = await SnapshotStore.open(directory, (problem) => void problems.push(problem));
  return { store, problems, codes: () => problems.splice(0).map(({ error }) => error.code) };
}

export async function parentSnapshot(t: ExecutionContext): Promise<Snapshot> {
  const parent = await buildTest({ elf: USER_EXEC });
  t.teardown(() => parent.close());
  return parent;
}

/** Five pages, one of them zero, two in scratch; everything optional is there. */
export async function derivedSnapshot(
  parent: SnapshotDescriptor,
  seed: number,
  more: Partial<FrozenState> = {},
): Promise<DerivedSnapshot> {
  const scratch = 0x10_0000_0000 - parent.memory.scratchBytes;
  const pages = Float64Array.of(0x1000, 0x2000, 0x4000, scratch + 0x8000, 0x10_0000_0000 - PAGE);
  const image = addon().createLayer(pages.length * PAGE);
  for (const index of [0, 1, 3, 4]) image.write(index * PAGE, filled(PAGE, seed + index));
  image.seal();
  const state: FrozenState = {
    kind: 'call',
    functions: ['one', 'zwölf'],
    pages,
    dispatch: 0x40_0010n,
    rsp: 0x5fff_ffff_0000n,
    fsBase: 1n,
    gsBase: 2n,
    system: filled(40, seed),
    frozen: filled(50, seed),
    hostState: filled(60, seed),
    ...more,
  };
  return await deriveSnapshot(parent, state, image);
}

/** All that a derived snapshot is, but for what differs from process to process. */
export function contentOf({ descriptor, state, image }: DerivedSnapshot): object {
  const { hash, entry, registers, functions, hostState, privilege, memory, linux } = descriptor;
  const bytes = Buffer.alloc(state.pages.length * PAGE);
  image.read(0, bytes);
  const pages = [...(descriptor.layers.at(-1)?.pages ?? [])];
  return { hash, entry, registers, functions, hostState, privilege, memory, linux, pages, bytes };
}

/** The one file in a folder of the store. */
export function onlyFile(directory: string, folder: 'objects' | 'ready'): string {
  const names = readdirSync(join(directory, folder));
  const [name] = names;
  if (names.length !== 1 || name === undefined) throw new Error(`${folder} has ${names.length} files`);
  return join(directory, folder, name);
}

/** Changes a file of the store, and the BLAKE3 at its end to what it then should be. */
export function forge(path: string, change: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  change(bytes);
  bytes.set(blake3Of(bytes.subarray(0, -32)), bytes.length - 32);
  writeFileSync(path, bytes);
}
