// Random system calls from a seed do the same on every backend: after each call, what it answered and what is in the
// program's memory. Where there is one backend only, two runs of it have to agree, and the log says so.
// SNAPVM_SEEDS=FIRST:COUNT runs other seeds than the fixed ones.
import test, { type ExecutionContext } from 'ava';
import { BACKENDS, type Backend } from '../../src/base/backend-name.js';
import { probeBackends } from '../../src/engine/backend.js';
import { Engine, type LinuxHandle, SnapvmError } from '../../src/index.js';
import { outcomeOf } from '../support/linux.js';
import { cProgram } from '../support/linux-build.js';
import { scaled } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const VARIABLE = 'SNAPVM_SEEDS';
const CLOCK = new Date('2024-01-01');
const FILES = { '/data/input': Buffer.from('the bytes of a file\n') };
const PATIENT = { timeoutMs: 60_000, outputBytes: 2 ** 20 };
const GENTLE_ROUNDS = 1000;
/** For thousands of seeds, too. */
const PATIENCE_MS = 3_600_000;
/** Most programs end long before. */
const WILD_ROUNDS = 400;

const probed = await probeBackends();
const usable = probed.filter((one) => one.usable).map((one) => one.backend);
/** Two to compare, in any case. */
const pair: readonly Backend[] = usable.length === 1 ? [...usable, ...usable] : usable;

function seeds(fixed: number): readonly number[] {
  const given = process.env[VARIABLE];
  if (given === undefined) return Array.from({ length: scaled(fixed, 3) }, (_, i) => i + 1);
  const [first, count] = given.split(':').map(Number);
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || first === undefined)
    throw new Error(`${VARIABLE} is ${given}; it must be FIRST:COUNT, two whole numbers`);
  return Array.from({ length: count ?? 0 }, (_, i) => first + i);
}

let engines: readonly Engine[] = [];
test.before(async () => {
  engines = await Promise.all(pair.map((backend) => Engine.start({ workers: 1, backend })));
});
test.after.always(() => Promise.all(engines.map((engine) => engine.close())));

function sayWhatIsCompared(t: ExecutionContext): void {
  const absent = BACKENDS.filter((backend) => !usable.includes(backend));
  for (const { backend, error } of probed.filter((one) => !one.usable))
    t.log(`not compared with ${backend}: ${error?.message ?? 'it cannot be used here'}`);
  if (absent.length > 0) t.log(`two runs on ${pair.join(' and ')} were compared`);
}

/** All that can be seen of a run. */
async function transcriptOf(handle: LinuxHandle, args: readonly string[]): Promise<string> {
  try {
    const result = await handle.call('some input', { args });
    return JSON.stringify({ ...outcomeOf(result), unhandled: result.unhandledSyscalls });
  } catch (error) {
    if (!(error instanceof SnapvmError)) throw error;
    return error.code;
  }
}

async function assertAgreement(
  t: ExecutionContext,
  program: string,
  kind: 'gentle' | 'wild',
  all: readonly number[],
): Promise<void> {
  sayWhatIsCompared(t);
  const source = { linux: program, files: FILES, env: { IN_A_GUEST: '1' } };
  const policy = { ...PATIENT, clock: CLOCK };
  const handles = await Promise.all(engines.map((engine) => engine.define(kind, source, policy)));
  const rounds = kind === 'gentle' ? GENTLE_ROUNDS : WILD_ROUNDS;
  const ends = new Map<string, number>();
  for (const seed of all) {
    const args = [`${seed}`, `${rounds}`, kind, 'record'];
    const [first = '', ...others] = await Promise.all(handles.map((handle) => transcriptOf(handle, args)));
    for (const other of others) t.is(other, first, `seed ${seed} (${kind}): ${pair.join(' and ')} differ`);
    if (kind === 'gentle') t.regex(first, /failed <= made: yes\\nthe end\\n/, `seed ${seed} ends`);
    const end = first.startsWith('{') ? 'an exit' : first;
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  t.log([...ends].map(([end, count]) => `${count} ended by ${end}`).join(', '));
}

testWith(
  cProgram('fuzz', 'glibc'),
  'random arguments to every system call: every backend answers the same',
  async (t, program) => {
    t.timeout(PATIENCE_MS);
    await assertAgreement(t, program(), 'gentle', seeds(12));
  },
);

testWith(
  cProgram('fuzz', 'glibc'),
  'random arguments, to what ends a program too: every backend ends it in the same way',
  async (t, program) => {
    t.timeout(PATIENCE_MS);
    await assertAgreement(t, program(), 'wild', seeds(60));
  },
);
