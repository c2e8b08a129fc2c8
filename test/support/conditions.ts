/** Applications of snapvm under conditions: what the system denies them, or has little of (`condition.c`). */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Backend } from '../../src/base/backend-name.js';
import { probeBackends } from '../../src/engine/backend.js';
import { UNDER_QEMU } from '../conformance/guest.js';
import type { Order, Pause, Report, RoundOptions, Step } from './exercise.js';
import { conditionProgram, type Found } from './linux-build.js';
import { childrenOf, statusOf } from './processes.js';

const EXERCISE = fileURLToPath(new URL('exercise.js', import.meta.url));

/** A processor that is emulated takes longer. */
const SLOWNESS = UNDER_QEMU ? 8 : 1;
/** More of it in one step is a thread that spins: twenty times what a whole round takes. */
const MOST_CPU_MS = 20_000 * SLOWNESS;
/** The bound of a whole round, which steps that hang run into one after the other. */
const ROUND_MS = 110_000 * SLOWNESS;

export interface ApplicationOptions {
  readonly backend: Backend;
  /** Arguments of `condition.c`; none: without it. */
  readonly conditions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** How a round went. */
export interface Round {
  readonly steps: readonly Step[];
  /** What the descriptors of the process led to when it was over, and its children other than esbuild. */
  readonly descriptors: readonly string[];
  readonly children: number;
}

/** What may be changed about the process at a pause. */
export type OnPause = (at: Pause, pid: number) => void | Promise<void>;

/** An application that is running, and waits for rounds. */
export class Application {
  readonly #child: ChildProcess;
  readonly #reports: Report[] = [];
  #wake = (): void => {};
  #said = '';
  #ended: string | undefined;

  private constructor({ backend, conditions = [], env = {}, cwd }: ApplicationOptions) {
    const [program = '', ...args] =
      conditions.length === 0
        ? [process.execPath, EXERCISE]
        : [conditionProgram(), ...conditions, '--', process.execPath, EXERCISE];
    this.#child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, SNAPVM_BACKEND: backend, ...env },
      ...(cwd !== undefined && { cwd }),
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#said += chunk.toString();
      });
    this.#child.on('message', (report: Report) => {
      this.#reports.push(report);
      this.#wake();
    });
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('exit', (code, signal) => this.#end(signal ?? `exit code ${code}`));
  }

  /** @throws when the conditions cannot be had */
  static async start(options: ApplicationOptions): Promise<Application> {
    const application = new Application(options);
    await application.#next();
    return application;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** One round. @throws when the process ends, or is not done in time */
  async round(options: RoundOptions = {}, onPause: OnPause = () => {}): Promise<Round> {
    this.#send({ kind: 'round', options });
    for (;;) {
      const report = await this.#next();
      if (report.kind === 'done') {
        const { pid } = this;
        return { steps: report.steps, descriptors: descriptorsOf(pid), children: guestsOf(pid).length };
      }
      if (report.kind !== 'pause') continue;
      await onPause(report.at, this.pid);
      this.#send({ kind: 'go' });
    }
  }

  /** Has it end by itself; gives what it said. @throws when it does not, or not as a process should */
  async end(): Promise<string> {
    if (this.#child.connected) this.#child.disconnect();
    const late = setTimeout(() => this.#child.kill('SIGKILL'), ROUND_MS);
    while (this.#ended === undefined) await this.#woken();
    clearTimeout(late);
    if (this.#ended !== 'exit code 0') throw this.#error('did not end well');
    return this.#said;
  }

  /** Whatever state it is in. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: Order): void {
    this.#child.send(message);
  }

  async #next(): Promise<Report> {
    const late = setTimeout(() => this.#end(`no report after ${ROUND_MS} ms`), ROUND_MS);
    for (;;) {
      const report = this.#reports.shift();
      if (report === undefined && this.#ended === undefined) {
        await this.#woken();
        continue;
      }
      clearTimeout(late);
      if (report !== undefined) return report;
      this.kill();
      throw this.#error('ended');
    }
  }

  async #woken(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #end(how: string): void {
    this.#ended ??= how;
    this.#wake();
  }

  #error(what: string): Error {
    return new Error(`the application ${what} (${this.#ended}): ${this.#said.slice(-4000)}`);
  }
}

/**
 * What its descriptors lead to, sorted, without the numbers of pipes and sockets, and without what Node itself loses: the
 * modules that a thread was reading when it was ended, and the epoll descriptor of a thread for which there were no
 * further descriptors (ERR_WORKER_INIT_FAILED). Nothing else here makes one of epoll.
 */
function descriptorsOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder)
    .map((descriptor) => targetOf(join(folder, descriptor)))
    .filter((target) => !/\.[cm]?js$|\[eventpoll\]$/.test(target))
    .map((target) => target.replace(/:\[\d+\]$/, ''))
    .sort();
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return ''; // closed meanwhile
  }
}

/** Its children, and theirs, but for the service that compiles modules. */
function guestsOf(pid: number): number[] {
  return childrenOf(pid).filter((child) => statusOf(child, 'Name') !== 'esbuild');
}

/** What no condition excuses: an error that is none of snapvm's, a step that hangs, a thread that spins. */
export function complaints({ steps }: Round): string[] {
  const untyped = steps.filter((step) => step.untyped).map(({ name, message }) => `${name}: ${message}`);
  const spinning = steps.filter((step) => step.cpuMs > MOST_CPU_MS).map(({ name }) => `${name} spins`);
  return [...untyped, ...spinning];
}

/** The steps that failed, and how. */
export function failures({ steps }: Round): string[] {
  return steps
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ name, outcome, message }) => `${name}: ${outcome} ${message}`);
}

/** Backends that this machine has. */
export const BACKENDS_HERE: readonly Backend[] = (await probeBackends())
  .filter(({ usable }) => usable)
  .map(({ backend }) => backend);

/** Whether `condition.c` can be had. */
export const COMPILER: Found<true> =
  spawnSync('gcc', ['--version']).status === 0
    ? { value: true }
    : { missing: 'needs gcc (Debian: gcc and libc6-dev)' };
/** And what it does that only root may. */
export const ROOT: Found<true> = process.geteuid?.() === 0 ? COMPILER : { missing: 'needs root' };
/** A user that is nobody's. */
export const USER = 23_456;

/** Whether `USER` may use a backend, and this process may become `USER`. */
export function openToOthers(backend: Backend): Found<true> {
  if (!('value' in ROOT) || backend === 'process') return ROOT;
  const { status } = spawnSync('test', ['-r', '/dev/kvm', '-a', '-w', '/dev/kvm'], { uid: USER, gid: USER });
  return status === 0 ? ROOT : { missing: 'needs a /dev/kvm that other users may open' };
}
