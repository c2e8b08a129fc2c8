/** A Linux program no one here wrote: frozen at its first read, and run from its start. */
import { existsSync } from 'node:fs';
import { Engine, type LinuxHandle } from '../src/index.js';
import type { Plan } from './plan.js';
import { median, percentile, round } from './statistics.js';

interface ProgramResult {
  readonly p50_us: number;
  readonly p99_us: number;
  readonly dirty_pages: number;
}

/** busybox's awk, counting words; or why it was not measured. */
export type LinuxResults =
  | { readonly frozen: ProgramResult; readonly started: ProgramResult }
  | { readonly skipped: string };

const BUSYBOX = '/bin/busybox';
const PROGRAM = { linux: BUSYBOX, args: ['awk', '{ n += NF } END { print NR, n }'] };
const INPUT = 'a b c\nd\n';
const OUTPUT = '2 4\n';

export async function linux({ calls, progress }: Plan): Promise<LinuxResults> {
  if (!existsSync(BUSYBOX)) return { skipped: `${BUSYBOX} is not installed (Debian: busybox-static)` };
  progress('linux');
  await using engine = await Engine.start({ workers: 1 });
  const frozen = await engine.define('frozen', PROGRAM, { warm: 'stdin' });
  const started = await engine.define('started', PROGRAM);
  return { frozen: await measure(frozen, calls / 4), started: await measure(started, calls / 10) };
}

async function measure(program: LinuxHandle, calls: number): Promise<ProgramResult> {
  const times = new Float64Array(Math.ceil(calls));
  for (let i = -times.length / 5; i < times.length; i++) {
    const began = performance.now();
    const { stdout } = await program.call(INPUT);
    if (i >= 0) times[Math.floor(i)] = (performance.now() - began) * 1000;
    if (Buffer.from(stdout).toString() !== OUTPUT) throw new Error('awk counted otherwise');
  }
  return {
    p50_us: round(median(times)),
    p99_us: round(percentile(times, 0.99)),
    dirty_pages: program.lastCost.stickyPages,
  };
}
