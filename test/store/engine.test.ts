// Engine.start({ store }): what was made ready once is loaded from then on, and what does not check is made again.
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { Engine, type Logger, type StoreProblem } from '../../src/index.js';
import { codeOf, startEngine } from '../support/engine.js';
import { RING_0 } from '../support/ring-0.js';
import { guestPath } from '../support/sandbox.js';
import { compile, documentedCommands } from '../support/sandbox-compile.js';
import { forge, onlyFile, temporaryFolder } from '../support/store.js';
import { testWith } from '../support/test-with.js';

const ECHO = guestPath('examples/echo');
const FORGE = guestPath('hostile/forge');

test('a restart loads instead of initialising', async (t) => {
  const store = join(temporaryFolder(t), 'deep', 'store');
  const source = { elf: guestPath('examples/counter') };
  const first = await startEngine(t, { workers: 1, store });
  const before = await first.define('counter', source);
  t.false(before.loaded);
  const { hash, functions } = before;
  const answer = Buffer.from(await before.call());
  await first.close();

  const second = await startEngine(t, { workers: 1, store: pathToFileURL(store) });
  const after = await second.define('counter', source);
  t.true(after.loaded);
  t.is(after.hash, hash);
  t.deepEqual(after.functions, functions);
  for (let i = 0; i < 3; i++) t.deepEqual(Buffer.from(await after.call('', { timeoutMs: 10_000 })), answer);
  t.deepEqual(second.stats().store, { loaded: 1, saved: 0, refused: 0, unsaved: 0 });
  t.deepEqual(first.stats().store, { loaded: 0, saved: 1, refused: 0, unsaved: 0 });
});

async function isRestoredWhenLoaded(
  t: ExecutionContext,
  name: string,
  privilege: 'user' | 'supervisor',
): Promise<void> {
  const store = join(temporaryFolder(t), 'store');
  for (const loaded of [false, true]) {
    const engine = await startEngine(t, { workers: 2, store });
    const source = { elf: guestPath(name), privilege };
    const echo = await engine.define(name, source, { verifyRestore: true });
    t.is(echo.loaded, loaded, name);
    for (let i = 0; i < 20; i++) t.is(await codeOf(echo.call(`${i}`, { fn: 'echo' })), `${i}`);
    t.is(await codeOf(echo.call('Ada', { fn: 'reverse' })), 'adA');
    await engine.close();
  }
}

test('a loaded guest is restored byte for byte', (t) => isRestoredWhenLoaded(t, 'examples/echo', 'user'));

testWith(RING_0, 'a loaded guest is restored byte for byte, in ring 0', (t) =>
  isRestoredWhenLoaded(t, 'examples/echo.supervisor', 'supervisor'),
);

/** Logs a line when it sets itself up. */
const TALKER = `#include <snapvm.h>
static int hello(const uint8_t* input, size_t length) { return snapvm_write(input, length); }
int main(void) {
  snapvm_log(SNAPVM_LOG_INFO, "setting up");
  static const snapvm_handler table[] = {{"hello", hello}};
  snapvm_serve(table, 1);
}
`;

test('what Initialise logs is logged when it runs, and not when it is loaded', async (t) => {
  const store = join(temporaryFolder(t), 'store');
  const lines: string[] = [];
  const line = (_fields: object, text: string): void => void lines.push(text);
  const logger: Logger = { error: line, warn: line, info: line, debug: line, trace: line };
  const elf = compile(documentedCommands().user, 'cc', TALKER);
  for (const expected of [['setting up'], []]) {
    const engine = await startEngine(t, { workers: 1, store, logger });
    const talker = await engine.define('talker', { elf });
    t.deepEqual(lines.splice(0), expected);
    t.is(await codeOf(talker.call('Ada')), 'Ada');
    await engine.close();
  }
});

test('warm: false has nothing to keep', async (t) => {
  const store = join(temporaryFolder(t), 'store');
  const engine = await startEngine(t, { workers: 1, store });
  const echo = await engine.define('echo', { elf: ECHO }, { warm: false });
  t.false(echo.loaded);
  t.deepEqual(readdirSync(join(store, 'objects')), []);
});

test('a guest that fails to initialise is not kept, and fails again', async (t) => {
  const store = join(temporaryFolder(t), 'store');
  for (let i = 0; i < 2; i++) {
    const engine = await startEngine(t, { workers: 1, store });
    const defined = engine.define('forge', { elf: FORGE, initData: Buffer.from('f') });
    t.is(((await t.throwsAsync(defined)) as { code?: string }).code, 'SNAPVM_GUEST_FAULT');
    t.deepEqual(engine.stats().store, { loaded: 0, saved: 0, refused: 0, unsaved: 0 });
    await engine.close();
  }
});

/** What happens to the file, and what it is called. */
const DAMAGE: readonly (readonly [code: string, damage: (path: string) => void])[] = [
  ['SNAPVM_STORE_CHECKSUM', (path) => writeFileSync(path, flipped(readFileSync(path), 5000))],
  ['SNAPVM_STORE_LENGTH', (path) => writeFileSync(path, readFileSync(path).subarray(0, 5000))],
  ['SNAPVM_STORE_VERSION', (path) => forge(path, (bytes) => bytes.writeUInt32LE(0, 8))],
  ['SNAPVM_STORE_CPU', (path) => forge(path, (bytes) => bytes.fill(1, 24, 56))],
];

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

test('what does not check is told by name, made anew and replaced', async (t) => {
  const store = join(temporaryFolder(t), 'store');
  const first = await startEngine(t, { workers: 1, store });
  await first.define('echo', { elf: ECHO });
  await first.close();
  for (const [code, damage] of DAMAGE) {
    damage(onlyFile(store, 'objects'));
    const warnings: object[] = [];
    const logger = { ...console, warn: (fields: object) => void warnings.push(fields) };
    const engine = await startEngine(t, { workers: 1, store, logger });
    const problems: StoreProblem[] = [];
    engine.on('storeProblem', (problem) => problems.push(problem));
    const echo = await engine.define('echo', { elf: ECHO });
    t.false(echo.loaded, code);
    t.is(await codeOf(echo.call('Ada')), 'Ada');
    t.like(problems, [{ kind: 'refused', error: { code } }], code);
    t.is(problems.length, 1);
    t.like(warnings, [{ err: { code } }], code);
    t.is(warnings.length, 1);
    t.deepEqual(engine.stats().store, { loaded: 0, saved: 1, refused: 1, unsaved: 0 });
    t.true((await engine.define('again', { elf: ECHO })).loaded, code);
    await engine.close();
  }
});

test('what is found when the engine starts is told to who listens then', async (t) => {
  const store = join(temporaryFolder(t), 'store');
  await (await startEngine(t, { workers: 1, store })).close();
  writeFileSync(join(store, 'format'), 'snapvm store 0\n');
  const engine = await startEngine(t, { workers: 1, store });
  const [problem] = (await once(engine, 'storeProblem')) as [StoreProblem];
  t.like(problem, { kind: 'refused', error: { code: 'SNAPVM_STORE_VERSION' } });
});

test('two engines share a directory', async (t) => {
  const store = join(temporaryFolder(t), 'store');
  const engines = await Promise.all([1, 2].map(() => startEngine(t, { workers: 1, store })));
  const names = ['echo', 'counter', 'hostcall'];
  await Promise.all(
    engines.flatMap((engine) =>
      names.map((name) => engine.define(name, { elf: guestPath(`examples/${name}`) })),
    ),
  );
  for (const engine of engines) {
    t.is(await codeOf(engine.call('echo', 'Ada')), 'Ada');
    const { loaded, saved, refused, unsaved } = engine.stats().store;
    t.deepEqual([loaded + saved, refused, unsaved], [3, 0, 0]);
  }
  const third = await startEngine(t, { workers: 1, store });
  for (const name of names) {
    const handle = await third.define(name, { elf: guestPath(`examples/${name}`) });
    t.true(handle.loaded, name);
  }
});

test('a handle says what its snapshot takes', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const warm = await engine.define('warm', { elf: ECHO });
  const cold = await engine.define('cold', { elf: ECHO }, { warm: false });
  t.true(warm.snapshotBytes.own >= 4096 && warm.snapshotBytes.own % 4096 === 0);
  t.true(warm.snapshotBytes.shared > warm.snapshotBytes.own);
  t.is(cold.snapshotBytes.own, 0);
  t.true(cold.snapshotBytes.shared > 0);
});

test('a store that cannot be is refused when the engine starts', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'letter.txt'), 'hello');
  const codes: unknown[] = [];
  for (const store of [1, '', 'a\0b', null, new URL('https://example.org/'), folder, '/proc/self/nothing']) {
    codes.push(await codeOf(Engine.start({ store: store as string }) as Promise<never>));
  }
  t.deepEqual(codes, [
    ...Array(5).fill('SNAPVM_CONFIG_VALUE'),
    'SNAPVM_STORE_DIRECTORY',
    'SNAPVM_STORE_DIRECTORY',
  ]);
  t.deepEqual(readdirSync(folder), ['letter.txt']);
});
