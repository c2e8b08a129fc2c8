// What an entry puts back of the vector state, on processors that this machine need not be: their CPUID is a table here.
import test from 'ava';
import { addon, typed } from '../../src/addon/addon.js';
import { MONITOR } from '../../src/base/abi.js';
import { loadMonitor } from '../../src/snapshot/monitor.js';

type Places = Readonly<Record<number, readonly [bytes: number, offset: number]>>;

const AVX: Places = { 2: [256, 576] };
const AVX512: Places = { ...AVX, 5: [64, 1088], 6: [512, 1152], 7: [1024, 1664], 9: [8, 2688] };
const AMX: Places = { ...AVX512, 17: [64, 2752], 18: [8192, 2816] };
/** APX has the place that MPX had. */
const APX: Places = { ...AMX, 19: [128, 960] };
const TILE_DATA = 1n << 18n;

function maskOf(xcr0: bigint, places: Places): bigint {
  const words = new Uint32Array(64 * 2);
  for (const [component, place] of Object.entries(places)) words.set(place, Number(component) * 2);
  return typed(() => addon().entryMask(xcr0, words));
}

const PROCESSORS: Readonly<Record<string, readonly [xcr0: bigint, Places]>> = {
  'x87 and SSE': [0x3n, {}],
  AVX: [0x7n, AVX],
  'AVX-512 and PKRU': [0x2e7n, AVX512],
  'AMD, where AVX-512 and PKRU lie closer together': [
    0x2e7n,
    { 2: [256, 576], 5: [64, 832], 6: [512, 896], 7: [1024, 1408], 9: [8, 2432] },
  ],
  MPX: [0x1fn, { ...AVX, 3: [64, 960], 4: [64, 1024] }],
  'AMX: all but the tile data, which is unreachable without a configuration': [0x602e7n, AMX],
  'AMX and APX': [0xe02e7n, APX],
};

for (const [name, [xcr0, places]] of Object.entries(PROCESSORS)) {
  test(`every component is put back: ${name}`, (t) => {
    t.is(maskOf(xcr0, places), xcr0 & ~TILE_DATA);
  });
}

test('a component that nobody has heard of is put back where it fits', (t) => {
  t.is(maskOf(0x80_0007n, { ...AVX, 23: [64, 832] }), 0x80_0007n);
});

test('what does not fit is refused by name', (t) => {
  const refused = (xcr0: bigint, places: Places, message: RegExp): void => {
    t.throws(() => maskOf(xcr0, places), { code: 'SNAPVM_HOST_KVM', message });
  };
  refused(
    0x80_0007n,
    { ...AVX, 23: [8192, 2816] },
    /unknown state \(bit 23 of XCR0\) ends at byte 11008 .*3072/,
  );
  refused(0x80_0007n, { ...AVX, 23: [1, 3072] }, /bit 23 .*ends at byte 3073/);
  refused(0x8_0007n, { ...AVX, 19: [128, 3000] }, /APX \(bit 19 of XCR0\)/);
  refused(0x8_0007n, AVX, /APX .*has no place in an XSAVE area by CPUID leaf 13/);
  refused(0x4_0007n, { ...AVX, 18: [8192, 2816] }, /AMX tile data .*comes without its configuration/);
  t.is(maskOf(0x80_0007n, { ...AVX, 23: [1, 3071] }), 0x80_0007n, 'up to the last byte');
});

test('what this processor has is put back, and its guests are given no more than they know', (t) => {
  const { xcr0, entryMask } = typed(() => addon().processCapabilities());
  t.is(BigInt(xcr0) & ~entryMask, 0n);
  t.is(entryMask & TILE_DATA, 0n);
});

test('the entry stub opens memory before it looks at any, and takes its mask from registers', async (t) => {
  const monitor = Buffer.from(await loadMonitor());
  const [movq, wrpkru, jmpShort] = [/^(66480f6e[0-9a-f]{2}){3}/, '0f01ef', 'eb'];
  const opening = monitor.subarray(MONITOR.entryPkru, MONITOR.entryStub).toString('hex');
  t.regex(opening, movq, 'keeps rax, rcx and rdx in vector registers');
  const [before = '', after = ''] = opening.split(wrpkru);
  t.is(
    before.replace(movq, ''),
    'b800000000b900000000ba00000000',
    'eax, ecx and edx are 0, and no flag changes',
  );
  t.regex(after, new RegExp(`^(66480f7e[0-9a-f]{2}){3}${jmpShort}`));
  const stub = monitor.subarray(MONITOR.entryStub, MONITOR.entryBlock).toString('hex');
  t.regex(stub, /^dbe30fae2d/, 'fninit, then xrstor relative to RIP, with nothing that sets EDX:EAX');
  t.regex(stub, /e3.*8ee0.*f3480faed1.*8ee8.*f3480faed9/, 'past a jrcxz: fs, wrfsbase, gs, wrgsbase');
});
