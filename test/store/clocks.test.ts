// A snapshot that another boot made: the maker's clocks show in no guest. A time namespace stands for the other boot; what
// runs without one is in test/conformance/linux.ts and javascript.ts, and below.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import {
  assertGoesOn,
  linesOf,
  type Reading,
  type Readings,
  readingsOf,
  waitLonger,
} from '../conformance/clocks.js';
import { startEngine } from '../support/engine.js';
import type { Found } from '../support/linux-build.js';
import { guestPath, readyGuest, TEST_BACKEND } from '../support/sandbox.js';
import { compile, documentedCommands, isInstalled } from '../support/sandbox-compile.js';
import { temporaryFolder } from '../support/store.js';
import { testWith } from '../support/test-with.js';

/** Later than this machine's boot: a month and some. */
const SHIFT_S = 3_000_000;
const SHIFT = ['--time', '--monotonic', `${SHIFT_S}`, '--boottime', `${SHIFT_S}`, '--fork', '--kill-child'];
/** As root, or as the root of a user namespace. */
const WAYS = [SHIFT, ['--user', '--map-root-user', ...SHIFT]];

/** A command that runs another as if the machine had been up for longer. */
function otherBoot(): Found<readonly string[]> {
  for (const way of WAYS) {
    const { stdout, status } = spawnSync('unshare', [...way, 'cat', '/proc/uptime'], { encoding: 'utf8' });
    if (status === 0 && Number(stdout.split(' ')[0]) > SHIFT_S) return { value: ['unshare', ...way] };
  }
  return {
    missing: 'needs a time namespace: Linux 5.6, unshare of util-linux 2.36, and the right to make one',
  };
}

const CLOCKS = new URL('../conformance/clocks.js', import.meta.url).href;
const INDEX = new URL('../../src/index.js', import.meta.url).href;

/** Defines both guests in an engine on that store, in a process started by `command`, and calls each. */
function readIn(command: readonly string[], store: string): Promise<Readings[]> {
  const source = `
    import { Engine } from ${JSON.stringify(INDEX)};
    import { javascriptReadings, linuxReadings } from ${JSON.stringify(CLOCKS)};
    const engine = await Engine.start({ workers: 1, store: ${JSON.stringify(store)} });
    const found = [await linuxReadings(engine, 'linux'), await javascriptReadings(engine, 'javascript')];
    await engine.close();
    console.log(JSON.stringify(found));`;
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = [...command, process.execPath, '--input-type=module', '-e', source];
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SNAPVM_BACKEND: TEST_BACKEND },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(stdout)) : reject(new Error(`ended with ${code}: ${stderr}`)),
    );
  });
}

for (const [title, makerIsOther] of [
  ['a snapshot of a machine that had been up for longer', true],
  ['a snapshot of a machine that had been up for a shorter time', false],
] as const) {
  testWith(otherBoot(), `${title}: clocks and timers go on where they stood`, async (t, other) => {
    t.timeout(300_000);
    const store = join(temporaryFolder(t), 'store');
    const made = await readIn(makerIsOther ? other : [], store);
    const found = await readIn(makerIsOther ? [] : other, store);
    t.is(made.length, 2);
    for (const [index, maker] of made.entries()) {
      const loader = found[index] as Readings;
      t.false(maker.loaded);
      t.true(loader.loaded);
      t.notThrows(() => assertGoesOn(maker));
      t.notThrows(() => assertGoesOn(loader, maker.definedNs));
    }
  });
}

/** A guest with a C library: what its clocks showed when it began to serve, and what they show in a call. */
const GUEST = `
#include <snapvm.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
static const struct { const char* name; clockid_t id; } clocks[] = {
  {"monotonic", CLOCK_MONOTONIC}, {"boot", CLOCK_BOOTTIME}, {"process", CLOCK_PROCESS_CPUTIME_ID}, {"thread", CLOCK_THREAD_CPUTIME_ID}};
enum { COUNT = sizeof clocks / sizeof clocks[0] };
static long long before[COUNT];
static long long now(clockid_t id) {
  struct timespec time;
  clock_gettime(id, &time);
  return time.tv_sec * 1000000000ll + time.tv_nsec;
}
static int read_clocks(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  char text[100];
  for (int i = 0; i < COUNT; i++) {
    sprintf(text, "%s %lld %lld\\n", clocks[i].name, before[i], now(clocks[i].id));
    snapvm_write(text, strlen(text));
  }
  return 0;
}
int main(void) {
  while (now(CLOCK_PROCESS_CPUTIME_ID) < 5000000)
    ; /* more than a call takes */
  for (int i = 0; i < COUNT; i++) before[i] = now(clocks[i].id);
  static const snapvm_handler table[] = {{"clocks", read_clocks}};
  snapvm_serve(table, 1);
}
`;

function guestWithLibrary(source = GUEST): Found<() => Uint8Array> {
  if (!isInstalled('gcc')) return { missing: 'needs gcc' };
  return { value: () => compile(documentedCommands().linux, 'gcc', source) };
}

for (const warm of [true, false]) {
  testWith(
    guestWithLibrary(),
    `no clock of a guest with a C library goes back between Initialise and a call (warm: ${warm})`,
    async (t, elf) => {
      const engine = await startEngine(t, { workers: 1 });
      const found = await readingsOf(
        () => engine.define('clocks', { elf: elf() }, { warm, timeoutMs: 60_000, initTimeoutMs: 60_000 }),
        waitLonger,
        async (handle): Promise<readonly Reading[]> => linesOf(await handle.call()),
      );
      // Without a snapshot Initialise is a part of the call.
      t.notThrows(() => assertGoesOn(found, warm ? found.definedNs : found.calledNs));
    },
  );
}

/** Learns of no time: the C library asks for the uptime when it sorts, but only for the memory beside it. */
const BLIND = `
#include <snapvm.h>
#include <stdlib.h>
static int compare(const void* a, const void* b) { return *(const char*)a - *(const char*)b; }
static int nothing(const uint8_t* input, size_t length) { (void)input, (void)length; return 0; }
int main(void) {
  static char text[4096]; /* less is sorted on the stack, whatever memory there is */
  for (size_t i = 0; i < sizeof text; i++) text[i] = (char)(i * 7);
  qsort(text, sizeof text, 1, compare);
  static const snapvm_handler table[] = {{"nothing", nothing}};
  snapvm_serve(table, 1);
}
`;

testWith(
  guestWithLibrary(BLIND),
  'what is kept of a guest that sorts, but looks at no clock, is the same each time',
  async (t, elf) => {
    const bytes = elf();
    const started = performance.now();
    const [first, second] = [
      await readyGuest(t, 'first', { elf: bytes }),
      await readyGuest(t, 'second', { elf: bytes }),
    ];
    t.truthy(first.descriptor.hostState);
    if (performance.now() - started >= 1000) {
      t.log('not compared: they took so long that an uptime of two seconds may have been seen');
      return;
    }
    t.deepEqual(first.descriptor.hostState, second.descriptor.hostState);
  },
);

// Without a C library, which notes on which processor it found itself.
test('a program that looks at no clock is frozen as the same snapshot each time', async (t) => {
  const names: string[][] = [];
  for (let turn = 0; turn < 2; turn++) {
    const store = join(temporaryFolder(t), 'store');
    const engine = await startEngine(t, { workers: 1, store });
    const source = { linux: guestPath('conformance/linux'), args: ['warm'] };
    await engine.define('warm', source, { warm: 'stdin', initTimeoutMs: 60_000 });
    await engine.close();
    names.push(readdirSync(join(store, 'objects')));
  }
  t.is(names[0]?.length, 1);
  t.deepEqual(names[0], names[1]);
});
