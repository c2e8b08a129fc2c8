// Random numbers after a freeze: generators that were seeded before it, what they can notice it by, and the warning.
import test from 'ava';
import { Engine, type LinuxHandle } from '../../src/index.js';
import { errorOf } from '../support/js.js';
import { outcomeOf, PATIENT, uniqueName } from '../support/linux.js';
import { ALL_KINDS, busybox, cProgram, type Found, lua, openssl } from '../support/linux-build.js';
import { compile, documentedCommands, isInstalled } from '../support/sandbox-compile.js';
import { testWith } from '../support/test-with.js';

const CALLS = 4;
const POLICY = { timeoutMs: 60_000, initTimeoutMs: 60_000 } as const;
const warnings: string[] = [];
const ignore = (): void => {};

let engine: Engine;
test.before(async () => {
  const warn = (fields: { readonly code?: string; readonly function?: string }): void =>
    void warnings.push(`${fields.code} ${fields.function}`);
  const logger = { error: ignore, warn, info: ignore, debug: ignore, trace: ignore };
  engine = await Engine.start({ workers: 1, logger });
});
test.after.always(() => engine.close());

/** A program that was frozen at its first read, and whether that brought the warning. */
async function defineWarm(
  linux: string,
  args: readonly string[] = [],
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<{ readonly handle: LinuxHandle; readonly warned: boolean }> {
  const name = uniqueName();
  const handle = await engine.define(name, { linux, args, files }, { ...PATIENT, ...POLICY, warm: 'stdin' });
  return { handle, warned: warnings.includes(`SNAPVM_FROZEN_RANDOM ${name}`) };
}

async function outputs(handle: LinuxHandle): Promise<string[]> {
  const all: string[] = [];
  for (let call = 0; call < CALLS; call++) all.push(outcomeOf(await handle.call('x\n')).stdout);
  return all;
}

testWith(openssl('generators'), 'OpenSSL seeds itself anew after a freeze', async (t, program) => {
  const { handle, warned } = await defineWarm(program());
  const lines = (await outputs(handle)).map((text) => text.trimEnd().split('\n'));
  t.true(warned, 'it had drawn before');
  const distinct = [0, 1, 2].map((line) => new Set(lines.map((all) => all[line])).size);
  t.deepEqual(distinct, [1, CALLS, CALLS], lines[0]?.join(' '));
});

for (const kind of ALL_KINDS) {
  testWith(
    cProgram('wiped', kind),
    `memory that fork would wipe is zero in every call, and the process has another id (${kind})`,
    async (t, program) => {
      const { handle, warned } = await defineWarm(program(), ['freeze']);
      const expected =
        '1010 moved 00 given back 1 read-only 0 heap 0\n' +
        'another id 1, as a thread 1\nsignals 0 0 0\nkill(getpid() + 1, 0): -1 errno 3\n';
      t.deepEqual(
        await outputs(handle),
        Array.from({ length: CALLS }, () => expected),
      );
      t.false(warned, 'a C library alone does not count');
    },
  );
}

const SILENT: readonly (readonly [string, Found<() => string>])[] = [
  ['a program that only prints', cProgram('readers', 'glibc')],
  ['the same with musl', cProgram('readers', 'musl')],
];
for (const [what, found] of SILENT) {
  testWith(found, `no warning: ${what}, and draws only later`, async (t, program) => {
    t.false((await defineWarm(program(), ['random'])).warned);
  });
}

testWith(lua(), 'no warning: Lua, which seeds itself by time and addresses', async (t, program) => {
  const script = Buffer.from(
    'local first = math.random(1 << 30) io.read() print(first, math.random(1 << 30))',
  );
  t.false((await defineWarm(program(), ['/s.lua'], { '/s.lua': script })).warned);
});

testWith(busybox(), 'a warning: a shell that read /dev/urandom before its input', async (t, path) => {
  const name = uniqueName();
  const args = ['sh', '-c', 'read -n 4 seed < /dev/urandom; read line; echo "$line"'];
  const handle = await engine.define(
    name,
    { linux: path, argv0: 'busybox', args },
    { ...PATIENT, ...POLICY, warm: 'stdin' },
  );
  t.true(warnings.includes(`SNAPVM_FROZEN_RANDOM ${name}`));
  t.deepEqual(new Set(await outputs(handle)), new Set(['x\n']));
});

const HOOKED = `
#include <snapvm.h>
static uint64_t seed = 1;
static unsigned thawed;
void snapvm_on_thaw(void) {
  thawed++;
  snapvm_random(&seed, sizeof seed);
}
static int answer(const uint8_t* input, size_t length) {
  char text[64];
  snapvm_format(text, sizeof text, "%u %lx ", thawed, (unsigned long)seed);
  return snapvm_write(text, strlen(text)) != 0 || snapvm_write(input, length) != 0;
}
int main(void) {
  static const snapvm_handler table[] = {{"answer", answer}};
  snapvm_serve(table, 1);
}
`;
const GCC: Found<true> = isInstalled('gcc') ? { value: true } : { missing: 'needs gcc' };
const { user, linux } = documentedCommands();
for (const [variant, command] of [
  ['static', user],
  ['static-PIE', user.replace(' -static ', ' -static-pie -fPIE ')],
  ['C library', linux],
] as const) {
  for (const warm of [true, false]) {
    testWith(GCC, `snapvm_on_thaw runs before each call (${variant}, warm: ${warm})`, async (t) => {
      const elf = compile(command, 'gcc', HOOKED);
      const handle = await engine.define(uniqueName(), { elf }, { ...POLICY, warm });
      const seeds = new Set<string>();
      for (let call = 0; call < CALLS; call++) {
        const [thawed, seed = '', input] = Buffer.from(await handle.call('in'))
          .toString()
          .split(' ');
        t.deepEqual([thawed, input], ['1', 'in']);
        seeds.add(seed);
      }
      t.is(seeds.size, CALLS);
    });
  }
}

test('snapvm.onThaw runs functions before each call of any export, in their order', async (t) => {
  const js = `
    let state = Math.random(), order = [];
    const early = state;
    snapvm.onThaw(() => { order.push('first'); state = Math.random(); });
    snapvm.onThaw(() => { order.push('second'); });
    export default (value) => [value, order, early, state];
    export const other = async (value) => [value, order, early, state];`;
  const handle = await engine.define(uniqueName(), { js }, POLICY);
  const early = new Set<unknown>();
  const late = new Set<unknown>();
  for (const fn of ['default', 'other', 'default', 'other']) {
    const [value, order, before, now] = (await handle.call(fn, { fn })) as unknown[];
    t.deepEqual([value, order], [fn, ['first', 'second']]);
    early.add(before);
    late.add(now);
  }
  t.deepEqual([early.size, late.size], [1, CALLS]);
});

test('what a function given to snapvm.onThaw throws fails the call, and only functions are taken', async (t) => {
  const throws = `snapvm.onThaw(() => { throw new RangeError('not now'); }); export default () => 1;`;
  const handle = await engine.define(uniqueName(), { js: throws }, POLICY);
  t.regex((await errorOf(handle.call())).message, /not now/);
  const wrong = `snapvm.onThaw(1); export default () => 1;`;
  t.regex((await errorOf(engine.define(uniqueName(), { js: wrong }, POLICY))).message, /takes a function/);
});
