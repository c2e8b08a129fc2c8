/** Runs faults-sweep.ts, and does not wait for ever. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Backend } from '../../src/base/backend-name.js';
import { UNDER_QEMU } from '../conformance/guest.js';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const ADDON = join(PROJECT, 'build/faults/build/Release/snapvm-faults.node');
const HOOK = new URL('faults-hook.js', import.meta.url).href;
const SWEEP = fileURLToPath(new URL('faults-sweep.js', import.meta.url));
/** One attempt takes some milliseconds; the engine's own patience with a thread that does not answer is a minute. */
const SILENCE_MS = UNDER_QEMU ? 300_000 : 90_000;

/** What a sweep was told and found. */
export interface Sweep {
  /** What was wrong, in words; empty if nothing was. */
  readonly problems: string[];
  /** System calls that the scenario makes, and how many of them were made to fail. */
  readonly counted: number;
  readonly tried: number;
  readonly kinds: readonly string[];
  /** Attempts, each with another call or another errno. */
  readonly attempts: number;
}

function newestSource(): number {
  const folder = join(PROJECT, 'native');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(...names.map((name) => statSync(join(folder, name)).mtimeMs));
}

/** Has the test build made if it is missing, or older than a source of it. */
export function ensureTestBuild(): void {
  const built = statSync(ADDON, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built >= newestSource()) return;
  const made = spawnSync(process.execPath, [join(PROJECT, 'scripts/build-faults.mjs')], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`npm run build:faults failed: ${made.stdout}${made.stderr}`);
}

type Line = {
  readonly trying?: object;
  readonly problem?: string;
  readonly counted?: number;
  readonly [field: string]: unknown;
};

/** All of a scenario. Rejects when it did not come to its end. */
export async function runSweep(backend: Backend, scenario: string): Promise<Sweep> {
  const child = spawn(process.execPath, ['--import', HOOK, SWEEP, backend, scenario], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const problems: string[] = [];
  let [stderr, attempts, last] = ['', 0, 'before it began'];
  let summary: Line | undefined;
  const silence = setTimeout(() => {
    problems.push(`hangs: ${last}`);
    child.kill('SIGKILL');
  }, SILENCE_MS);
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    silence.refresh();
    const line = JSON.parse(text) as Line;
    if (line.trying !== undefined) attempts += 1;
    if (line.problem !== undefined) problems.push(text);
    if (line.counted !== undefined) summary = line;
    last = text;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, by) => resolve([exitCode, by]));
  });
  clearTimeout(silence);
  if (code !== 0 || summary === undefined)
    problems.push(`ended with ${signal ?? code} at ${last}: ${stderr.slice(-2000)}`);
  const { counted = 0, tried = 0, kinds = [] } = (summary ?? {}) as Partial<Sweep>;
  return { problems, counted, tried, kinds, attempts };
}
