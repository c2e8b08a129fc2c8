import { Worker } from 'node:worker_threads';
import test from 'ava';
import fc from 'fast-check';
import { type ErrorCode, SnapvmError } from '../../src/base/errors.js';
import { Snapshot } from '../../src/snapshot/snapshot.js';
import { filled } from '../support/elf-builder.js';
import { buildTest, DYN, SUPERVISOR_EXEC, USER_EXEC } from '../support/snapshot-build.js';
import { fakeNative } from '../support/snapshot-native.js';

/** Builds with values of any kind, as plain JavaScript may. */
function buildAny(environment: unknown, config?: unknown): Promise<Snapshot> {
  return Reflect.apply(buildTest, undefined, [environment, config]);
}

const SIZES = ['inputBytes', 'outputBytes', 'heapBytes', 'stackBytes', 'scratchBytes'] as const;
const BAD_SIZES: readonly unknown[] = [
  ...[0, -1, -0x1000, 0.5, 0x4000 + 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...[
    2 ** 31 + 1,
    2 ** 32,
    2 ** 53,
    2 ** 64,
    Number.MAX_VALUE,
    0x4000n,
    '0x4000',
    '',
    null,
    true,
    {},
    [],
    [0x4000],
  ],
];

for (const option of SIZES) {
  test(`${option}: wrong values are refused by name, value and range`, async (t) => {
    for (const value of BAD_SIZES) {
      const error = await t.throwsAsync(buildAny({ elf: USER_EXEC }, { [option]: value }), {
        instanceOf: SnapvmError,
        message: new RegExp(`^${option} is .*; it must be a whole number from \\S+ to 0x80000000$`),
      });
      t.is(error?.code, 'SNAPVM_CONFIG_VALUE', String(value));
    }
  });
}

test('buffers have a least size', async (t) => {
  for (const option of ['inputBytes', 'outputBytes']) {
    await t.throwsAsync(buildAny({ elf: USER_EXEC }, { [option]: 0x1fff }), {
      message: `${option} is 8191; it must be a whole number from 0x2000 to 0x80000000`,
    });
    await t.notThrowsAsync(buildAny({ elf: USER_EXEC }, { [option]: 0x2000 }));
  }
});

type Case = readonly [what: string, environment: unknown, config: unknown, code: ErrorCode, message: RegExp];

const CASES: readonly Case[] = [
  ['no environment', undefined, {}, 'SNAPVM_CONFIG_VALUE', /environment is undefined; it must be an object/],
  [
    'bytes as environment',
    USER_EXEC,
    {},
    'SNAPVM_CONFIG_VALUE',
    /environment is bytes; it must be an object/,
  ],
  ['no ELF', {}, {}, 'SNAPVM_CONFIG_VALUE', /^elf is undefined/],
  ['an ELF of another kind', { elf: 7 }, {}, 'SNAPVM_CONFIG_VALUE', /^elf is 7; it must be a path/],
  ['an ArrayBuffer', { elf: new ArrayBuffer(8) }, {}, 'SNAPVM_CONFIG_VALUE', /^elf is an object/],
  ['a config that is a number', { elf: DYN }, 7, 'SNAPVM_CONFIG_VALUE', /^config is 7/],
  ['a config of null', { elf: DYN }, null, 'SNAPVM_CONFIG_VALUE', /^config is null/],
  [
    'a misspelt option',
    { elf: DYN },
    { heapbytes: 1 },
    'SNAPVM_CONFIG_UNKNOWN',
    /"heapbytes"; did you mean "heapBytes"/,
  ],
  [
    'a shortened option',
    { elf: DYN },
    { scratchByte: 1 },
    'SNAPVM_CONFIG_UNKNOWN',
    /did you mean "scratchBytes"/,
  ],
  [
    'an unknown option',
    { elf: DYN },
    { colour: 1 },
    'SNAPVM_CONFIG_UNKNOWN',
    /"colour"; there are inputBytes, outputBytes/,
  ],
  [
    'a misspelt environment',
    { elf: DYN, initdata: DYN },
    {},
    'SNAPVM_CONFIG_UNKNOWN',
    /did you mean "initData"/,
  ],
  [
    'a misspelt permission',
    { elf: DYN, initData: { data: DYN, permission: 'r' } },
    {},
    'SNAPVM_CONFIG_UNKNOWN',
    /did you mean "permissions"/,
  ],
  [
    'another privilege',
    { elf: DYN, privilege: 'root' },
    {},
    'SNAPVM_CONFIG_VALUE',
    /^privilege is "root"; it must be 'user'/,
  ],
  ['init data of text', { elf: DYN, initData: 'x' }, {}, 'SNAPVM_CONFIG_VALUE', /^initData is "x"/],
  [
    'init data without data',
    { elf: DYN, initData: {} },
    {},
    'SNAPVM_CONFIG_VALUE',
    /^initData\.data is undefined/,
  ],
  [
    'other permissions',
    { elf: DYN, initData: { data: DYN, permissions: 'w' } },
    {},
    'SNAPVM_CONFIG_VALUE',
    /^initData\.permissions is "w"/,
  ],
  [
    'permissions of Object',
    { elf: DYN, initData: { data: DYN, permissions: 'toString' } },
    {},
    'SNAPVM_CONFIG_VALUE',
    /"toString"/,
  ],
  [
    'rwx for a user guest',
    { elf: DYN, initData: { data: DYN, permissions: 'rwx' } },
    {},
    'SNAPVM_SNAPSHOT_INIT_DATA',
    /'rwx'; memory of a user guest/,
  ],
  [
    'init data over all memory',
    { elf: DYN, initData: new Uint8Array(0x8000_0000) },
    {},
    'SNAPVM_SNAPSHOT_INIT_DATA',
    /^initData has 0x80000000 bytes/,
  ],
  [
    'init data over what is left',
    { elf: DYN, initData: filled(0x2000) },
    { heapBytes: 0x7fff_f000 - 0x4_6000 },
    'SNAPVM_SNAPSHOT_INIT_DATA',
    /^initData of 0x2000 bytes is larger than the memory left/,
  ],
  [
    'a heap over what is left',
    { elf: DYN },
    { heapBytes: 0x8000_0000 },
    'SNAPVM_SNAPSHOT_TOO_LARGE',
    /heapBytes 0x80000000/,
  ],
  [
    'a supervisor image over the window',
    { elf: SUPERVISOR_EXEC, privilege: 'supervisor' },
    { heapBytes: 2_143_158_272 + 1 },
    'SNAPVM_SNAPSHOT_TOO_LARGE',
    /of at most 0x7fbe7000/,
  ],
  [
    'a user image a page over 2 GiB',
    { elf: USER_EXEC },
    { heapBytes: 0x8000_0000 - 0x4_6000 + 1 },
    'SNAPVM_SNAPSHOT_TOO_LARGE',
    /image would have 0x80001000/,
  ],
  [
    'buffers over any scratch',
    { elf: DYN },
    { inputBytes: 0x8000_0000 },
    'SNAPVM_SNAPSHOT_TOO_LARGE',
    /scratch would need .*inputBytes 0x80000000/,
  ],
  [
    'supervisor buffers over the window',
    { elf: DYN, privilege: 'supervisor' },
    { inputBytes: 0x7fff_0000 },
    'SNAPVM_SNAPSHOT_TOO_LARGE',
    /scratch would need|at most/,
  ],
  [
    'a scratch over the window',
    { elf: DYN, privilege: 'supervisor' },
    { scratchBytes: 0x8000_0000 },
    'SNAPVM_SNAPSHOT_TOO_LARGE',
    /./,
  ],
  [
    'a scratch a page too small',
    { elf: USER_EXEC },
    { scratchBytes: 0x2_6000 },
    'SNAPVM_CONFIG_VALUE',
    /^scratchBytes is 0x26000; .* must be 0x27000 to 0x80000000/,
  ],
  [
    'a supervisor scratch a page too small',
    { elf: SUPERVISOR_EXEC, privilege: 'supervisor' },
    { scratchBytes: 0x1_9000 },
    'SNAPVM_CONFIG_VALUE',
    /must be 0x1a000 to/,
  ],
  [
    'a stack for a supervisor guest',
    { elf: DYN, privilege: 'supervisor' },
    { stackBytes: 0x1000 },
    'SNAPVM_CONFIG_VALUE',
    /^stackBytes is 0x1000, but a supervisor/,
  ],
  [
    'log level 6',
    { elf: DYN },
    { logLevel: 6 },
    'SNAPVM_CONFIG_VALUE',
    /^logLevel is 6; it must be a whole number from 0 to 5/,
  ],
  ['log level "info"', { elf: DYN }, { logLevel: 'info' }, 'SNAPVM_CONFIG_VALUE', /^logLevel is "info"/],
];

for (const [what, environment, config, code, message] of CASES) {
  test(`refused: ${what}`, async (t) => {
    const error = await t.throwsAsync(buildAny(environment, config), { instanceOf: SnapvmError, message });
    t.is(error?.code, code);
  });
}

test('options of any kind give a snapshot or an error with a code, never anything else', async (t) => {
  const size = fc.oneof(fc.anything(), fc.double(), fc.integer({ min: 0, max: 0x10_0000 }), fc.bigInt());
  const config = fc.record(
    {
      inputBytes: size,
      outputBytes: size,
      heapBytes: size,
      stackBytes: size,
      scratchBytes: size,
      logLevel: size,
    },
    { requiredKeys: [] },
  );
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(fc.oneof(config, fc.anything()), async (options) => {
        try {
          (await buildAny({ elf: DYN }, options)).close();
        } catch (error) {
          if (!(error instanceof SnapvmError) || !/^SNAPVM_(CONFIG|SNAPSHOT)_/.test(error.code)) throw error;
        }
      }),
      { numRuns: 300 },
    ),
  );
});

test('the caller may reuse its bytes as soon as build has returned', async (t) => {
  const elf = Uint8Array.from(USER_EXEC);
  const initData = filled(0x1000);
  const reference = await buildTest({ elf: USER_EXEC, initData });
  const pending = buildTest({ elf, initData });
  elf.fill(0);
  initData.fill(0);
  t.true((await pending).equals(await buildTest({ elf: USER_EXEC, initData: filled(0x1000) })));
  t.true((await pending).equals(reference));
});

test('a machine out of memory is an error with a code, and a failed build leaves nothing open', async (t) => {
  const full = {
    createImage: () => {
      throw Object.assign(new Error('memfd_create: Too many open files'), { code: 'SNAPVM_HOST_MEMORY' });
    },
  };
  const error = await t.throwsAsync(buildTest({ elf: DYN }, {}, { native: full }), {
    instanceOf: SnapvmError,
    message: /memory file of 0x\w+ bytes .* Too many open files/,
  });
  t.is(error?.code, 'SNAPVM_HOST_MEMORY');

  const fake = fakeNative();
  const good = await buildTest({ elf: DYN }, {}, { native: fake });
  t.is(fake.sealed, 1);
  t.is(fake.open, 1);
  good.close();
  good.close();
  t.is(fake.open, 0);
  const broken = {
    createImage: (view: Uint8Array) => ({
      ...fake.createImage(view),
      seal: () => {
        throw new Error('no');
      },
    }),
  };
  await t.throwsAsync(buildTest({ elf: DYN }, {}, { native: broken }), { instanceOf: SnapvmError });
  t.is(fake.open, 0);
});

test('a build succeeds while other threads of the process start children', async (t) => {
  const spawner = new Worker(
    "const { execFileSync } = require('node:child_process'); for (;;) execFileSync('/bin/true');",
    { eval: true },
  );
  try {
    const reference = await buildTest({ elf: DYN });
    for (let build = 0; build < 40; build++) {
      const snapshot = await buildTest({ elf: DYN });
      t.true(snapshot.equals(reference));
      snapshot.close();
    }
  } finally {
    await spawner.terminate();
  }
});

test('Snapshot.build uses the built monitor and the addon', async (t) => {
  const snapshot = await Snapshot.build({ elf: DYN });
  const { layout } = snapshot;
  const monitor = snapshot.read(layout.ptBaseGpa + layout.tableBytes, layout.monitorBytes);
  t.is(new DataView(monitor.buffer).getBigUint64(0x2100, true), snapshot.entry.address);
  t.true(monitor.subarray(0, 0x1000).some((byte) => byte !== 0));
});
