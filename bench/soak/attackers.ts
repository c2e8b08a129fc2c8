/** Tenants that do to the engine what was once found to hurt it; each call must come to what it should. */
import { existsSync } from 'node:fs';
import type { Engine, JsHandle, LinuxHandle } from '../../src/index.js';
import { BUSYBOX, PATIENT_MS } from './functions.js';
import type { Job, Started, Want } from './jobs.js';

const MiB = 2 ** 20;
const SPIN_MS = 10;
const POLICY = { heapBytes: 32 * MiB, timeoutMs: PATIENT_MS };

const DOUBLINGS = 27;

/** Bundled it takes more than a gigabyte of memory: each string of its enum is twice as long as the one before. */
export const HOSTILE_TEXT = `enum E { m0 = '0123456789abcdef', ${Array.from(
  { length: DOUBLINGS },
  (_, n) => `m${n + 1} = m${n} + m${n}`,
).join(', ')} } export default () => E.m0;`;

const SCRIPT = `
const frames = '    at a (function.js)\\n'.repeat(1150);
export default (bytes) => bytes;
export const log = (bytes) => { console.error(frames); return bytes; };
export const lines = (bytes) => { for (let i = 0; i < 1000; i++) console.error('x'); return bytes; };
export const forge = () => { const error = new Error('x'); error.stack = frames; throw error; };
export const arrays = () => Array.from({ length: 20_000 }, () => new Uint8Array(1));
export const objects = () => Array.from({ length: 20_000 }, () => ({}));
export const dirty = (bytes) => { new Uint8Array(8 << 20).fill(1); return bytes; };
export const recurse = () => { const f = () => 1 + f(); return f(); };
export const promises = async () => { for (const all = []; ; ) all.push(new Promise(() => {})); };
export const spin = () => { for (;;); };
`;

interface ScriptAttack {
  readonly fn: string;
  readonly weight: number;
  readonly want?: Want;
  readonly timeoutMs?: number;
}

const SCRIPT_ATTACKS: readonly ScriptAttack[] = [
  { fn: 'log', weight: 5 },
  { fn: 'lines', weight: 3 },
  { fn: 'forge', weight: 5, want: 'SNAPVM_JS_ERROR' },
  { fn: 'arrays', weight: 1 },
  { fn: 'objects', weight: 1 },
  { fn: 'dirty', weight: 5 },
  { fn: 'recurse', weight: 5, want: 'SNAPVM_JS_RECURSION' },
  { fn: 'promises', weight: 1, want: 'SNAPVM_JS_MEMORY' },
  { fn: 'spin', weight: 5, want: 'SNAPVM_CALL_TIMEOUT', timeoutMs: SPIN_MS },
  // Beside those that leave much to put back.
  { fn: 'default', weight: 100 },
];

interface ProgramAttack {
  readonly args: readonly string[];
  /** An error's code, or what the program exits with. */
  readonly want: Want;
  readonly timeoutMs?: number;
}

const PROGRAM_ATTACKS: readonly ProgramAttack[] = [
  { args: ['yes'], want: 'SNAPVM_GUEST_LIMIT' },
  { args: ['dd', 'if=/dev/zero', 'of=/f', 'bs=65536'], want: 'exit 1' },
  {
    args: ['dd', 'if=/dev/urandom', 'of=/dev/null', 'bs=4M'],
    want: 'SNAPVM_CALL_TIMEOUT',
    timeoutMs: SPIN_MS,
  },
  { args: ['sh', '-c', 'while :; do cd /; done'], want: 'SNAPVM_CALL_TIMEOUT', timeoutMs: SPIN_MS },
];

/** Defines the attackers. Their calls are jobs of the load. */
export async function attacks(engine: Engine): Promise<Job[]> {
  const script = await engine.define('attack', { js: SCRIPT }, POLICY);
  const jobs = SCRIPT_ATTACKS.map((attack) => scriptJob(script, attack));
  if (!existsSync(BUSYBOX)) return jobs;
  for (const [i, { args, want, timeoutMs }] of PROGRAM_ATTACKS.entries()) {
    const policy = { ...POLICY, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    const program = await engine.define(`attack-${i}`, { linux: BUSYBOX, args: [...args] }, policy);
    jobs.push({ kind: `attack, ${args[0]} ${i}`, weight: 2, start: () => programCall(program, want) });
  }
  return jobs;
}

function scriptJob(script: JsHandle, { fn, weight, want = 'ok', timeoutMs }: ScriptAttack): Job {
  const options = timeoutMs === undefined ? { fn } : { fn, timeoutMs };
  const start = (): Started => ({ reply: script.call('', options).then(() => OK), wants: [want] });
  return { kind: `attack, ${fn}`, weight, start };
}

const OK = Buffer.from('ok');

function programCall(program: LinuxHandle, want: Want): Started {
  const reply = program.call().then(({ exitCode }) => Buffer.from(`exit ${exitCode}`));
  return { reply, wants: [want] };
}
