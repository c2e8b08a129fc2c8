/** The functions of the load, and the host's side of them. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  CallOptions,
  Engine,
  GuestEnvironment,
  HostFunctions,
  Input,
  Logger,
  Policy,
} from '../../src/index.js';

const KiB = 2 ** 10;
const MiB = 2 ** 20;

/** Read once: a build that goes on beside a long run must not change its guests. */
const guests = new Map<string, Uint8Array>();
export function guest(name: string): Uint8Array {
  let bytes = guests.get(name);
  if (bytes === undefined) {
    bytes = readFileSync(new URL(`../../guest/${name}.elf`, import.meta.url));
    guests.set(name, bytes);
  }
  return bytes;
}

/** Differs with the seed, in its length too. */
export function initData(seed: number): Uint8Array {
  return new Uint8Array((seed * 7919) % (64 * KiB)).map((_, i) => (i * 31 + seed) & 0xff);
}

const ECHOES = 8;
const echo = (seed: number): GuestEnvironment => ({ elf: guest('examples/echo'), initData: initData(seed) });

/** Calls that should answer: a machine may stand still for a second, and one that is emulated takes longer. */
export const PATIENT_MS = 30_000;

const definitions: Readonly<Record<string, () => readonly [GuestEnvironment, Policy?]>> = {
  ...Object.fromEntries(
    Array.from({ length: ECHOES }, (_, i) => [
      `echo-${i}`,
      () => [echo(i), { heapBytes: (i + 1) * 64 * KiB, timeoutMs: PATIENT_MS + i }],
    ]),
  ),
  'echo-verified': () => [echo(101), { verifyRestore: true }],
  'echo-cold': () => [echo(102), { warm: false }],
  'echo-supervisor': () => [{ elf: guest('examples/echo.supervisor'), privilege: 'supervisor' }],
  'echo-large': () => [echo(103), { inputBytes: 2 * MiB, outputBytes: 2 * MiB }],
  counter: () => [{ elf: guest('examples/counter') }],
  wordcount: () => [{ elf: guest('examples/wordcount') }],
  'host-async': () => [{ elf: guest('examples/hostcall') }, { hostFunctions: ['lookup'] }],
  'host-sync': () => [{ elf: guest('examples/hostcall') }, { hostFunctions: ['ghost'] }],
  log: () => [{ elf: guest('examples/hostcall') }],
  crash: () => [{ elf: guest('examples/crash') }],
  spin: () => [{ elf: guest('examples/crash') }, { timeoutMs: 5, heapBytes: MiB }],
  forge: () => [{ elf: guest('hostile/forge') }, { maxExits: 100 }],
  supervisor: () => [{ elf: guest('hostile/supervisor.supervisor'), privilege: 'supervisor' }],
};

const SCRIPT = `let calls = 0;
export default (bytes) => (++calls === 1 ? bytes : 'not fresh');
export const ask = async (bytes) => new TextEncoder().encode(await host.ghost(new TextDecoder().decode(bytes)));
export const fail = () => { throw new RangeError('as asked'); };
export const hog = () => { for (const all = []; ; ) all.push(new Array(1000).fill(0)); };
`;
/** A program of Debian's package busybox-static: its calls are left out where it is not installed. */
export const BUSYBOX = '/bin/busybox';

/** A function of any kind, as the load calls it. */
export interface Callable {
  call(input?: Input, options?: CallOptions): Promise<unknown>;
}

export type Functions = ReadonlyMap<string, Callable>;

export async function defineAll(engine: Engine): Promise<Functions> {
  const handles = new Map<string, Callable>();
  for (const [name, define] of Object.entries(definitions)) {
    const [source, policy] = define();
    // Their calls are left out where there is no ring 0.
    if (source.privilege === 'supervisor' && engine.backend !== 'kvm') continue;
    handles.set(name, await engine.define(name, source, { timeoutMs: PATIENT_MS, ...policy }));
  }
  const memory = { heapBytes: 16 * MiB, timeoutMs: PATIENT_MS };
  handles.set(
    'script',
    await engine.define('script', { js: SCRIPT }, { hostFunctions: ['ghost'], ...memory }),
  );
  if (!existsSync(BUSYBOX)) return handles;
  const awk = { linux: BUSYBOX, args: ['awk', '{ n += NF } END { printf "%d %d", NR, n }'] };
  for (const [name, warm] of [
    ['awk', false],
    ['awk-frozen', 'stdin'],
  ] as const) {
    const handle = await engine.define(name, awk, { warm, timeoutMs: PATIENT_MS });
    handles.set(name, { call: async (input, options) => (await handle.call(input, options)).stdout });
  }
  return handles;
}

export const THROWS = 'throw, please';

/** What the host's side has seen; lines of guests and of host functions that threw. */
export class Host {
  thrown = 0;
  thrownLogged = 0;
  readonly lines = { error: 0, warn: 0, info: 0, debug: 0, trace: 0 };

  readonly functions: HostFunctions = {
    lookup: async (input) => {
      await sleep(1);
      return `looked ${text(input)} up`;
    },
    ghost: (input) => {
      if (text(input) === THROWS) {
        this.thrown += 1;
        throw new Error('as the guest wished');
      }
      return `a ghost says ${text(input)}`;
    },
  };

  readonly logger: Logger = {
    error: (fields) => {
      if ('err' in fields) this.thrownLogged += 1;
      else this.lines.error += 1;
    },
    warn: () => void this.lines.warn++,
    info: () => void this.lines.info++,
    debug: () => void this.lines.debug++,
    trace: () => void this.lines.trace++,
  };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
