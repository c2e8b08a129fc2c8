/** What is done while system calls fail: faults-sweep.ts. */

import { setTimeout as sleep } from 'node:timers/promises';
import { typed } from '../../src/addon/addon.js';
import type { Backend } from '../../src/base/backend-name.js';
import { probeBackend } from '../../src/engine/backend.js';
import { Engine, type FunctionHandle, SnapvmError } from '../../src/index.js';
import { type DerivedSnapshot, deriveSnapshot } from '../../src/snapshot/derive.js';
import { loadMonitor } from '../../src/snapshot/monitor.js';
import { Snapshot } from '../../src/snapshot/snapshot.js';
import type { SnapshotDescriptor } from '../../src/wire/descriptor.js';
import type { Exit } from '../../src/wire/protocol.js';
import type { Sandbox } from '../../workers/sandbox.js';
import { makeSandbox } from '../conformance/context.js';
import { guestPath, nextTicket, PATIENT, UNDER_QEMU } from '../conformance/guest.js';
import { faults } from './faults.js';
import { childrenOf, guestProcesses, isAlive } from './processes.js';

export interface Scenario {
  readonly name: string;
  /** Whether it makes so many calls that only some are tried: of each kind the first, the middle and the last. */
  readonly sample: boolean;
  /** Without a fault: what `run` begins with. */
  before(): Promise<void>;
  run(): Promise<void>;
  /** Without a fault: that the next one works. */
  after(): Promise<void>;
  close(): Promise<void>;
}

const nothing = async (): Promise<void> => {};

export function scenarios(backend: Backend): Scenario[] {
  return [probe(backend), sandbox(backend, false), sandbox(backend, true), calls(backend), start(backend)];
}

function probe(backend: Backend): Scenario {
  const run = async (): Promise<void> => {
    if (backend === 'kvm') {
      const monitor = await loadMonitor();
      return typed(() => faults().probeKvm(monitor));
    }
    const { error } = await probeBackend(backend);
    if (error !== undefined) throw error;
  };
  return { name: 'probe', sample: false, before: nothing, run, after: run, close: nothing };
}

const SANDBOX = { maxExits: 10_000, maxLogBytes: 65_536, verifyRestore: false };
const GUEST = 'examples/hostcall';
/** Long enough to ask the host something before the guest hangs, but for a machine that is busy elsewhere. */
const [TIME_MS, CPU_MS] = UNDER_QEMU ? [300, 150] : [20, 5];

/** How a run has to end; what else it may be is an error, as the engine makes one of it. */
function must<K extends Exit['kind']>(exit: Exit, kind: K): Extract<Exit, { readonly kind: K }> {
  if (exit.kind === kind) return exit as Extract<Exit, { readonly kind: K }>;
  if (exit.kind === 'unsupported')
    throw new SnapvmError('SNAPVM_GUEST_UNSUPPORTED', `the guest ${exit.reason}`);
  throw new Error(`${kind} was to come, not ${JSON.stringify(exit)}`);
}

/** A call of each kind, without an engine: it answers, asks the host, is stopped, faults, and answers again. */
function useSandbox(guest: Sandbox, functions: readonly string[], trapped: Exit['kind'] = 'fault'): void {
  const call = (fn: string, limits: object = {}): Exit =>
    guest.call(Buffer.from('7'), functions.indexOf(fn), nextTicket(), { ...PATIENT, ...limits });
  const answer = (): Exit => guest.answer(0, Buffer.from('8'), nextTicket());
  must(call('say'), 'result');
  must(call('lookup'), 'hostCall');
  must(answer(), 'result');
  for (const limits of [{ timeoutMs: TIME_MS }, { cpuMs: CPU_MS }]) {
    const asks = call('hang', limits);
    // On a machine that was busy elsewhere its time may be over before it has asked.
    must(asks.kind === 'hostCall' ? answer() : asks, 'stopped');
  }
  must(call('trap'), 'hostCall');
  must(answer(), trapped);
  must(call('say'), 'result');
}

/** A guest that is ready, or the error an engine would make of it. */
async function freeze(backend: Backend, from: SnapshotDescriptor): Promise<DerivedSnapshot> {
  const cold = makeSandbox(backend, from, SANDBOX);
  try {
    const { functions } = must(cold.initialise(nextTicket(), PATIENT), 'ready');
    const { image, ...state } = cold.capture();
    return await deriveSnapshot(from, { kind: 'call', functions, ...state }, image);
  } finally {
    cold.close();
  }
}

async function withSandbox(
  backend: Backend,
  name: string,
  use: (guest: Sandbox, functions: readonly string[]) => void,
): Promise<void> {
  const privilege = name.endsWith('.supervisor') ? 'supervisor' : 'user';
  const snapshot = await Snapshot.build({ elf: guestPath(name), privilege });
  try {
    const derived = await freeze(backend, snapshot.descriptor);
    try {
      const guest = makeSandbox(backend, derived.descriptor, SANDBOX);
      try {
        use(guest, derived.descriptor.functions);
      } finally {
        guest.close();
      }
    } finally {
      derived.close();
    }
  } finally {
    snapshot.close();
  }
}

/** All of a guest's life in this thread, from a file to its end. Cold: with nothing kept of those before. */
function sandbox(backend: Backend, cold: boolean): Scenario {
  // Ring 0 keeps nothing: its virtual machines are not used again.
  const name = cold && backend === 'kvm' ? `${GUEST}.supervisor` : GUEST;
  // Nor has it a monitor that tells a fault.
  const trapped = name === GUEST ? 'fault' : 'shutdown';
  const life = (): Promise<void> =>
    withSandbox(backend, name, (guest, functions) => useSandbox(guest, functions, trapped));
  return {
    name: cold ? 'cold' : 'warm',
    sample: false,
    before: cold && backend === 'process' ? endProcesses : nothing,
    run: life,
    after: () =>
      withSandbox(backend, name, (guest, functions) => {
        must(guest.call(Buffer.from('7'), functions.indexOf('say'), nextTicket(), PATIENT), 'result');
      }),
    close: nothing,
  };
}

/** Kills the zygotes, and so their clones, and waits until they are dead: a dying one would fail what follows. */
async function endProcesses(): Promise<void> {
  const all = guestProcesses(process.pid);
  for (const pid of all) process.kill(pid, 'SIGKILL');
  // The first of a PID namespace ends only when its guests have been waited for, but it does nothing any more.
  const guests = all.filter((pid) => !childrenOf(process.pid).includes(pid));
  while (guests.some(isAlive)) await sleep(1);
}

const LOOKUP = { lookup: () => Buffer.from('8') };
const LIMITS = { timeoutMs: PATIENT.timeoutMs, initTimeoutMs: PATIENT.timeoutMs };

/** The code it must fail with, or it is not what was to come. */
async function mustFail(call: Promise<unknown>, code: string): Promise<void> {
  const error = await call.then(
    () => new Error(`${code} was to come`),
    (cause: SnapvmError) => cause,
  );
  if (!(error instanceof SnapvmError) || error.code !== code) throw error;
}

async function useNative(engine: Engine): Promise<void> {
  const handle: FunctionHandle = await engine.define('native', { elf: guestPath(GUEST) }, LIMITS);
  try {
    await handle.call('7', { fn: 'say' });
    await handle.call('7', { fn: 'lookup' });
    await mustFail(handle.call('7', { fn: 'hang', timeoutMs: 20 }), 'SNAPVM_CALL_TIMEOUT');
    await handle.call('7', { fn: 'say' });
  } finally {
    await handle.undefine();
  }
}

async function useLinux(engine: Engine): Promise<void> {
  const source = { linux: guestPath('conformance/linux') };
  const handle = await engine.define('linux', source, LIMITS);
  try {
    await handle.call('', { args: ['brk'] });
    await handle.call('', { args: ['exceptions'] });
  } finally {
    await handle.undefine();
  }
}

async function useJavaScript(engine: Engine): Promise<void> {
  const handle = await engine.define('js', { js: 'export default (a) => a + 1' }, LIMITS);
  try {
    await handle.call(1);
  } finally {
    await handle.undefine();
  }
}

/** Guests of all kinds in an engine that lives through it all. */
function calls(backend: Backend): Scenario {
  let engine: Engine | undefined;
  const living = async (): Promise<Engine> => {
    engine ??= await Engine.start({ backend, workers: 1, hostFunctions: LOOKUP });
    return engine;
  };
  return {
    name: 'calls',
    sample: true,
    before: async () => {
      await living();
      if (backend === 'process') await endProcesses();
    },
    run: async () => {
      const it = await living();
      await useNative(it);
      await useLinux(it);
      await useJavaScript(it);
    },
    after: async () => await useNative(await living()),
    close: async () => await engine?.close(),
  };
}

/** An engine's whole life: start, one call, close. */
function start(backend: Backend): Scenario {
  const life = async (): Promise<void> => {
    const engine = await Engine.start({ backend, workers: 1, hostFunctions: LOOKUP });
    try {
      await useNative(engine);
    } finally {
      await engine.close();
    }
  };
  return { name: 'start', sample: true, before: nothing, run: life, after: life, close: nothing };
}
