import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { blake3 } from '@noble/hashes/blake3.js';
import test from 'ava';
import fc from 'fast-check';
import { SnapvmError } from '../../src/base/errors.js';
import type { GuestEnvironment, SnapshotConfig } from '../../src/snapshot/environment.js';
import {
  type BuiltIdentity,
  type DerivedIdentity,
  hashBuilt,
  hashDerived,
  hashMemory,
} from '../../src/snapshot/hash.js';
import { filled, PHDR, patched } from '../support/elf-builder.js';
import {
  buildTest,
  DYN,
  hashedEnvironments,
  PAGE,
  TEST_MONITOR,
  USER_EXEC,
} from '../support/snapshot-build.js';

/** From the BLAKE3 reference test vectors: input byte i is i mod 251. */
const VECTORS: readonly (readonly [length: number, digest: string])[] = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [1023, '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11'],
  [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  [2048, 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a'],
  [2049, '5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030'],
  [102_400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
];

test('BLAKE3 gives the reference vectors', async (t) => {
  for (const [length, digest] of VECTORS) {
    const bytes = Uint8Array.from({ length }, (_, index) => index % 251);
    t.is(await hashMemory(length, [{ offset: 0, bytes }]), digest, `${length} bytes`);
  }
});

test('the memory hash is BLAKE3 over all bytes, however sparse they are kept', async (t) => {
  const dense = new Uint8Array(0x8_0000);
  const pages = [0x1000, 0x2000, 0x2_4000, 0x7_f000].map((offset) => ({
    offset,
    bytes: filled(PAGE, offset),
  }));
  for (const { offset, bytes } of pages) dense.set(bytes, offset);
  t.is(await hashMemory(dense.length, pages), Buffer.from(blake3(dense)).toString('hex'));
});

test("a snapshot's memory hash covers the image and its tail", async (t) => {
  for (const environment of hashedEnvironments()) {
    const snapshot = await buildTest(environment);
    const { imageBytes, tableBytes, monitorBytes, ptBaseGpa } = snapshot.layout;
    const image = snapshot.read(0x1000, imageBytes);
    const tail = snapshot.read(ptBaseGpa, tableBytes + monitorBytes);
    const whole = blake3(Buffer.concat([image, tail]));
    t.is(await snapshot.memoryHash(), Buffer.from(whole).toString('hex'));
  }
});

test('the same input has the same hash in another process', async (t) => {
  const child = fileURLToPath(new URL('../support/snapshot-hash-child.js', import.meta.url));
  const run = promisify(execFile);
  const [first, second] = await Promise.all([run(process.execPath, [child]), run(process.execPath, [child])]);
  t.is(first.stdout, second.stdout);
  const here: string[] = [];
  for (const environment of hashedEnvironments()) {
    const snapshot = await buildTest(environment);
    here.push(snapshot.hash, await snapshot.memoryHash());
  }
  t.deepEqual(JSON.parse(first.stdout), here);
  t.is(new Set(here).size, here.length);
});

/** Pinned: if these change, hashes already stored or compared lose their meaning, and HASH_FORMAT must change. */
const FORMAT_2: readonly string[] = [
  '681af2c1993b532b66a27ea9421bb82de13a6ff71ef7016023e441619aac4496',
  'ff16f4e12195c3035009482376a134dd7f581f9820ed9f9c17920996d9d6a9fa',
  'a9c6e4fe3b4a0de0c259017d359dba1973dec2d2155a2c9bde4097d5d026320a',
];

test('hashes of format 2 stay what they are', async (t) => {
  const hashes = await Promise.all(
    hashedEnvironments().map(async (environment) => (await buildTest(environment)).hash),
  );
  t.deepEqual(hashes, FORMAT_2);
});

test('anything that decides what runs changes the hash', async (t) => {
  const initData = filled(0x1001, 6);
  const builds: Record<string, readonly [GuestEnvironment, SnapshotConfig?]> = {
    base: [{ elf: USER_EXEC, initData }],
    'first byte of code': [{ elf: patched(USER_EXEC, PHDR.at(3), 1, 0n), initData }],
    'last byte of data': [{ elf: patched(USER_EXEC, USER_EXEC.length - 1, 1, 0n), initData }],
    'a segment flag': [{ elf: patched(USER_EXEC, PHDR.at(1) + PHDR.flags, 4, 6n), initData }],
    'a segment address': [{ elf: patched(USER_EXEC, PHDR.at(2) + PHDR.vaddr, 8, 0x40_4018n), initData }],
    'a segment size': [{ elf: patched(USER_EXEC, PHDR.at(2) + PHDR.memsz, 8, 0x2000n), initData }],
    entry: [{ elf: patched(USER_EXEC, 24, 8, 0x40_0011n), initData }],
    'last byte of init data': [{ elf: USER_EXEC, initData: patched(initData, 0x1000, 1, 0n) }],
    'init data size, by a zero byte': [{ elf: USER_EXEC, initData: Uint8Array.from([...initData, 0]) }],
    'init data rights': [{ elf: USER_EXEC, initData: { data: initData, permissions: 'rx' } }],
    'no init data': [{ elf: USER_EXEC }],
    inputBytes: [{ elf: USER_EXEC, initData }, { inputBytes: 0x5000 }],
    outputBytes: [{ elf: USER_EXEC, initData }, { outputBytes: 0x5000 }],
    'both buffers': [
      { elf: USER_EXEC, initData },
      { inputBytes: 0x5000, outputBytes: 0x3000 },
    ],
    heapBytes: [{ elf: USER_EXEC, initData }, { heapBytes: 0x2_1000 }],
    stackBytes: [{ elf: USER_EXEC, initData }, { stackBytes: 0x4_1000 }],
    scratchBytes: [{ elf: USER_EXEC, initData }, { scratchBytes: 0x4_9000 }],
    logLevel: [{ elf: USER_EXEC, initData }, { logLevel: 4 }],
    'user PIE': [{ elf: DYN, initData }],
    'supervisor PIE': [{ elf: DYN, initData, privilege: 'supervisor' }],
    'odd supervisor buffer': [{ elf: DYN, initData, privilege: 'supervisor' }, { outputBytes: 0x4001 }],
  };
  const seen = new Map<string, string>();
  for (const [what, [environment, config]] of Object.entries(builds)) {
    const { hash } = await buildTest(environment, config);
    t.regex(hash, /^[0-9a-f]{64}$/);
    t.is(seen.get(hash), undefined, `${what} has the hash of ${seen.get(hash)}`);
    seen.set(hash, what);
  }
  const monitor = await buildTest(
    { elf: USER_EXEC, initData },
    {},
    { monitor: patched(TEST_MONITOR, 0x2fff, 1, 0n) },
  );
  t.false(seen.has(monitor.hash));
});

test('what does not decide what runs leaves the hash alone', async (t) => {
  const base = await buildTest({ elf: USER_EXEC });
  const same: readonly (readonly [GuestEnvironment, SnapshotConfig?])[] = [
    [{ elf: USER_EXEC, privilege: 'user', initData: new Uint8Array() }],
    [{ elf: Uint8Array.from([...USER_EXEC, 1, 2, 3]) }],
    [{ elf: USER_EXEC }, { inputBytes: 0x3001, heapBytes: 0x1_f001, stackBytes: 0x3_f001 }],
  ];
  for (const [environment, config] of same) t.true(base.equals(await buildTest(environment, config)));
});

test('changing any loaded byte changes both hashes', async (t) => {
  const base = await buildTest({ elf: USER_EXEC });
  const memory = await base.memoryHash();
  const change = fc.tuple(
    fc.integer({ min: PHDR.at(3), max: USER_EXEC.length - 1 }),
    fc.integer({ min: 0, max: 255 }),
  );
  await t.notThrowsAsync(
    fc.assert(
      fc.asyncProperty(change, async ([offset, byte]) => {
        fc.pre(USER_EXEC[offset] !== byte);
        const changed = await buildTest({ elf: patched(USER_EXEC, offset, 1, BigInt(byte)) });
        const differs = changed.hash !== base.hash && (await changed.memoryHash()) !== memory;
        changed.close();
        return differs;
      }),
      { numRuns: 60 },
    ),
  );
});

const BUILT: BuiltIdentity = {
  privilege: 'user',
  memory: {
    imageBytes: 1,
    tableBytes: 2,
    monitorBytes: 3,
    scratchBytes: 4,
    inputBytes: 5,
    outputBytes: 6,
    frameBytes: 7,
    fileBytes: 8,
  },
  entry: { kind: 'initialise', address: 7n },
  registers: { rsp: 1n, rdi: 2n, rsi: 3n, rdx: 4n, rcx: 5n, rflags: 6n, fsBase: 7n, gsBase: 8n },
  regions: [{ gpa: 0x1000, bytes: 0x1000, flags: 1, user: true }],
};
const { rsp, rdi, rsi, rdx, rcx, rflags, fsBase, gsBase } = BUILT.registers;

function withRegisters(change: Partial<BuiltIdentity['registers']>): BuiltIdentity {
  return { ...BUILT, registers: { ...BUILT.registers, ...change } };
}

function withRegion(change: Partial<BuiltIdentity['regions'][number]>): BuiltIdentity {
  return { ...BUILT, regions: BUILT.regions.map((region) => ({ ...region, ...change })) };
}

test('every field of a built identity counts', async (t) => {
  const pages = [{ gpa: 0x1000, bytes: filled(PAGE) }];
  const identities: BuiltIdentity[] = [
    BUILT,
    { ...BUILT, privilege: 'supervisor' },
    ...Object.keys(BUILT.memory).map((field) => ({ ...BUILT, memory: { ...BUILT.memory, [field]: 99 } })),
    { ...BUILT, entry: { kind: 'call', address: 7n } },
    { ...BUILT, entry: { kind: 'initialise', address: 8n } },
    ...Object.keys({ rsp, rdi, rsi, rdx, rcx, rflags, fsBase, gsBase }).map((name) =>
      withRegisters({ [name]: 99n }),
    ),
    withRegisters({ system: new Uint8Array() }),
    withRegisters({ system: new Uint8Array(1) }),
    withRegion({ gpa: 0x2000 }),
    withRegion({ bytes: 0x2000 }),
    withRegion({ flags: 3 }),
    withRegion({ user: false }),
    { ...BUILT, regions: [] },
    { ...BUILT, regions: [...BUILT.regions, ...BUILT.regions] },
  ];
  const hashes = [
    ...(await Promise.all(identities.map((identity) => hashBuilt(identity, pages)))),
    await hashBuilt(BUILT, []),
    await hashBuilt(BUILT, [{ gpa: 0x2000, bytes: filled(PAGE) }]),
    await hashBuilt(BUILT, [{ gpa: 0x1000, bytes: filled(PAGE, 2) }]),
    await hashBuilt(BUILT, [...pages, { gpa: 0x2000, bytes: filled(PAGE) }]),
  ];
  t.is(new Set(hashes).size, hashes.length);
});

const DERIVED: DerivedIdentity = {
  parentHash: 'ab'.repeat(32),
  entry: { kind: 'call', address: 7n },
  registers: BUILT.registers,
  functions: ['one', 'two'],
  cpuFeatures: 'avx2',
};

test('every field of a derived identity counts, and boundaries between fields do too', async (t) => {
  const pages = [{ gpa: 0x1000, bytes: filled(PAGE) }];
  const identities: DerivedIdentity[] = [
    DERIVED,
    { ...DERIVED, parentHash: 'ac'.repeat(32) },
    { ...DERIVED, entry: { kind: 'initialise', address: 7n } },
    { ...DERIVED, registers: { ...BUILT.registers, fsBase: 1n } },
    { ...DERIVED, functions: ['onet', 'wo'] },
    { ...DERIVED, functions: ['one'] },
    { ...DERIVED, functions: ['one', 'two', ''] },
    { ...DERIVED, functions: ['two', 'one'] },
    { ...DERIVED, functions: [], cpuFeatures: 'onetwoavx2' },
    { ...DERIVED, cpuFeatures: 'avx512f' },
    { ...DERIVED, hostState: new Uint8Array() },
    { ...DERIVED, hostState: filled(3) },
  ];
  const hashes = [
    ...(await Promise.all(identities.map((identity) => hashDerived(identity, pages)))),
    await hashDerived(DERIVED, []),
    await hashDerived(DERIVED, [{ gpa: 0x2000, bytes: filled(PAGE) }]),
    await hashDerived(DERIVED, [{ gpa: 0x1000, bytes: new Uint8Array(PAGE) }]),
  ];
  t.is(new Set(hashes).size, hashes.length);
});

test('a page of zeros is as none in a built snapshot, and counts in a derived one', async (t) => {
  const page = { gpa: 0x1000, bytes: filled(PAGE) };
  const zero = { gpa: 0x2000, bytes: new Uint8Array(PAGE) };
  t.is(await hashBuilt(BUILT, [page, zero]), await hashBuilt(BUILT, [page]));
  t.not(await hashDerived(DERIVED, [page, zero]), await hashDerived(DERIVED, [page]));
});

test('regions and pages of impossible sizes are refused', async (t) => {
  const short = [{ gpa: 0x1000, bytes: filled(PAGE - 1) }];
  for (const work of [
    () => hashBuilt(withRegion({ bytes: 0x1001 }), []),
    () => hashBuilt(withRegion({ bytes: 0 }), []),
    () => hashBuilt(BUILT, short),
    () => hashDerived(DERIVED, short),
  ]) {
    const error = await t.throwsAsync(work, { instanceOf: SnapvmError, message: /GPA 0x1000/ });
    t.is(error?.code, 'SNAPVM_INTERNAL');
  }
});
