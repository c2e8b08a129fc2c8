// The store with guests of other kinds: what the host remembers for a Linux program is kept as well, and JavaScript
// functions are layers over a runtime that is kept for itself.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { Engine, type StoreProblem } from '../../src/index.js';
import { startEngine } from '../support/engine.js';
import { temporaryFolder } from '../support/store.js';

const COUNTER = `
  const started = [1, 2, 3].map((n) => n * n);
  let calls = 0;
  console.log('evaluated');
  export default ({ name }) => ({ name, started, calls: ++calls, random: Math.random() });
  export const double = (n) => 2 * n;`;

test('a JavaScript function and its runtime are loaded, and nothing is evaluated again', async (t) => {
  const store = join(temporaryFolder(t), 'store');
  const lines: string[] = [];
  const logger = { ...console, info: (_fields: object, text: string) => void lines.push(text) };
  const randoms = new Set<unknown>();
  for (const loaded of [false, true]) {
    const engine = await startEngine(t, { workers: 1, store, logger });
    const counter = await engine.define('counter', { js: COUNTER });
    t.is(counter.loaded, loaded);
    t.deepEqual(lines.splice(0), loaded ? [] : ['evaluated']);
    t.deepEqual(counter.functions, ['default', 'double']);
    for (let i = 0; i < 3; i++) {
      const { random, ...rest } = (await counter.call({ name: 'Ada' })) as Record<string, unknown>;
      t.deepEqual(rest, { name: 'Ada', started: [1, 4, 9], calls: 1 });
      randoms.add(random);
    }
    t.is(await counter.call(21, { fn: 'double' }), 42);
    // The runtime and the function are a snapshot each.
    const expected = loaded ? { loaded: 2, saved: 0 } : { loaded: 0, saved: 2 };
    t.deepEqual(engine.stats().store, { ...expected, refused: 0, unsaved: 0 });
    await engine.close();
  }
  t.is(randoms.size, 6, 'what should be unique is, in loaded functions too');
});

test('equal JavaScript functions have one layer, and different ones the runtime in common', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const one = await engine.define('one', { js: 'export default () => 1' });
  const same = await engine.define('same', { js: 'export default () => 1' });
  const other = await engine.define('other', { js: 'export default () => 2' });
  t.is(one.hash, same.hash);
  t.not(one.hash, other.hash);
  t.is(one.snapshotBytes.shared, other.snapshotBytes.shared);
  t.true(one.snapshotBytes.own < 300_000);
  t.is(await one.call(), 1);
  await engine.undefine('one');
  t.is(await same.call(), 1, 'its pages are still there');
  t.is(await other.call(), 2);
});

test('a runtime that does not check is made anew, and what was kept over it is used or made anew', async (t) => {
  const store = join(temporaryFolder(t), 'store');
  const first = await startEngine(t, { workers: 1, store });
  await first.define('one', { js: 'export default () => 1' });
  await first.close();
  const objects = readdirSync(join(store, 'objects')).map((name) => join(store, 'objects', name));
  const sizes = objects.map((path) => readFileSync(path).length);
  const runtime = objects[sizes.indexOf(Math.max(...sizes))] ?? '';
  const bytes = readFileSync(runtime);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  writeFileSync(runtime, bytes);

  const engine = await startEngine(t, { workers: 1, store });
  const problems: StoreProblem[] = [];
  engine.on('storeProblem', (problem) => problems.push(problem));
  const one = await engine.define('one', { js: 'export default () => 1' });
  t.is(await one.call(), 1);
  t.like(problems, [{ kind: 'refused', error: { code: 'SNAPVM_STORE_CHECKSUM' } }]);
  t.is(problems.length, 1);
});

/** Has a file open, memory mapped, a place in its output, when it first reads its input. */
const READER = `
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  char* mapped = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char* heap = malloc(100000);
  strcpy(mapped + 500000, "mapped");
  strcpy(heap + 50000, "heap");
  int file = open("/data/in.txt", O_RDONLY);
  char word[6] = {0};
  read(file, word, 5);
  printf("started ");
  fflush(stdout);
  char line[100] = {0};
  read(0, line, 99);
  char rest[6] = {0};
  read(file, rest, 5);
  char* more = malloc(2000000);
  memset(more, 1, 2000000);
  printf("%s %s %s %s %s %d", line, mapped + 500000, heap + 50000, word, rest, more[1999999]);
  return 0;
}`;

test('a Linux program that was frozen at its first read is loaded with its descriptors and mappings', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-reader-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'reader.c'), READER);
  const cc = spawnSync('cc', ['-O1', '-w', '-static', 'reader.c', '-o', 'reader'], {
    cwd: folder,
    encoding: 'utf8',
  });
  t.is(cc.status, 0, cc.stderr);
  const store = join(temporaryFolder(t), 'store');
  const files = { '/data/in.txt': Buffer.from('firstother') };
  for (const loaded of [false, true]) {
    const engine = await startEngine(t, { workers: 1, store });
    const reader = await engine.define('reader', { linux: join(folder, 'reader'), files }, { warm: 'stdin' });
    t.is(reader.loaded, loaded);
    for (const input of ['Ada', 'Grace']) {
      const { exitCode, stdout, unhandledSyscalls } = await reader.call(input);
      t.is(Buffer.from(stdout).toString(), `started ${input} mapped heap first other 1`);
      t.is(exitCode, 0);
      t.deepEqual(unhandledSyscalls, []);
    }
    await engine.close();
  }
});

test.serial(
  'an engine that is closed while functions are defined lets go of what the store gave it',
  async (t) => {
    const directory = join(temporaryFolder(t), 'store');
    const js = 'export default () => 1;';
    const first = await Engine.start({ workers: 1, store: directory });
    await first.define('f', { js });
    await first.close();
    const before = memoryFiles();
    for (const ms of [0, 1, 2, 5, 10, 20]) {
      const engine = await Engine.start({ workers: 1, store: directory });
      const defined = engine.define('f', { js }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, ms));
      await engine.close();
      await defined;
      await new Promise((resolve) => setTimeout(resolve, 50));
      t.is(memoryFiles(), before, `${ms} ms`);
    }
  },
);

function memoryFiles(): number {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // the folder's own
    }
  });
  return targets.filter((target) => target.includes('memfd:')).length;
}
