/** One run: the server's lives, and the load on them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { picker } from '../picker.js';
import { type Inventory, inventory } from '../process-state.js';
import type { Tally } from '../tally.js';
import { Churn } from './churn.js';
import { drain, leftIn, openIn, sharedMemory } from './ending.js';
import { Flood } from './flood.js';
import { calls, deployAll, type Job, PLAIN } from './functions.js';
import { hostile } from './hostile.js';
import { Lanes } from './lanes.js';
import { LaterCalls } from './later.js';
import { severalCalls } from './many.js';
import { progressLine } from './report.js';
import { type ServerSample, ServerSampler } from './sampling.js';
import { type Life, type ServeOptions, ServerProcess } from './server-process.js';
import { Visitor } from './visitor.js';

/** When it is killed, as shares of the run. What is flat is judged in the life that follows, which is long enough. */
const KILLS = [0.15, 0.3];
const SHORT_RUN_SECONDS = 180;
/** After so long the first inventory is taken, or never in a run that is too short to judge. */
const WARM_SECONDS = 180;
const PROGRESS_SECONDS = 30;
const CALLERS = 8;
const CALLER_PAUSE_MS = 30;
const HOSTILE_CLIENTS = 3;
const HOSTILE_PAUSE_MS = 60;
const FLOODERS = 2;
const FLOOD_PAUSE_MS = 15;
/** Those of a bundler's process, and of one more engine. */
const FEW_MORE = 6;
const CHANGE_PAUSE_MS = 1000;

export class ServerSoak {
  kills = 0;
  inventories: { warm: Inventory | undefined; end: Inventory | undefined } = {
    warm: undefined,
    end: undefined,
  };
  readonly samples: (readonly ServerSample[])[] = [];
  readonly #directory: string;
  readonly #tally: Tally;
  readonly #end: AbortController;
  readonly #server: ServerProcess;
  readonly #visitor: Visitor;
  readonly #churn: Churn;
  readonly #flood = new Flood();
  readonly #later = new LaterCalls();
  readonly #load: Lanes;
  /** Held up while what was acknowledged is compared. */
  readonly #changes: Lanes;
  #began = performance.now();
  /** Connections and files of a server that has no clients yet. */
  #idle = 0;
  #sampler: ServerSampler | undefined;

  constructor(options: ServeOptions, tally: Tally, end: AbortController) {
    this.#directory = options.directory;
    this.#tally = tally;
    this.#end = end;
    this.#server = new ServerProcess(options, tally);
    this.#visitor = new Visitor(this.#server, tally);
    this.#churn = new Churn(this.#visitor);
    this.#load = new Lanes(tally, end.signal);
    this.#changes = new Lanes(tally, end.signal);
  }

  /** @returns how many seconds it took */
  async run(runSeconds: number): Promise<number> {
    const shared = sharedMemory();
    try {
      const life = await this.#server.start();
      this.#idle = await openIn(life);
      await deployAll(this.#visitor);
      await this.#churn.start();
      await this.#flood.start(this.#visitor);
      this.#began = performance.now();
      this.#startLanes(runSeconds >= SHORT_RUN_SECONDS);
      await this.#watchLives(life, runSeconds);
      const seconds = this.#seconds;
      this.#end.abort('over');
      await Promise.all([this.#load.ended(), this.#changes.ended()]);
      await this.#finish(shared);
      return seconds;
    } finally {
      await this.#server.destroy();
    }
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  #startLanes(isLong: boolean): void {
    const lane = (pauseMs: number, jobs: readonly Job[]): void => {
      const pick = picker(jobs);
      this.#load.add(pauseMs, () => this.#run(pick()));
    };
    const ordinary = [...calls(), ...severalCalls(), ...this.#later.jobs, ...this.#churn.jobs];
    for (let i = 0; i < CALLERS; i++) lane(CALLER_PAUSE_MS, ordinary);
    for (let i = 0; i < HOSTILE_CLIENTS; i++) lane(HOSTILE_PAUSE_MS, hostile());
    for (let i = 0; i < FLOODERS; i++) lane(FLOOD_PAUSE_MS, this.#flood.jobs);
    for (const change of this.#churn.lanes(isLong)) this.#changes.add(CHANGE_PAUSE_MS, change);
  }

  async #run({ kind, run }: Job): Promise<void> {
    const [sampler, began] = [this.#sampler, performance.now()];
    await run(this.#visitor);
    if (kind === PLAIN && sampler === this.#sampler) sampler?.echoed((performance.now() - began) * 1000);
  }

  async #watchLives(first: Life, runSeconds: number): Promise<void> {
    let life = first;
    for (const share of [...KILLS, 1]) {
      await this.#watch(life, share * runSeconds, runSeconds, share === 1);
      this.#flood.check(this.#visitor);
      if (share === 1 || this.#end.signal.aborted) return;
      life = await this.#killAndStart();
    }
  }

  /** `kill -9` under full load, and a look at what is there after it. */
  async #killAndStart(): Promise<Life> {
    this.#changes.hold(); // what begins now would wait for a server that waits for it
    await this.#server.kill();
    this.kills += 1;
    await this.#changes.idle();
    const taken = this.#later.taken();
    this.#flood.begin();
    const life = await this.#server.start();
    await this.#churn.check(`after kill -9, ${this.kills}`);
    await this.#later.check(this.#visitor, taken);
    this.#changes.goOn();
    return life;
  }

  /** Takes samples of a server until some moment of the run, or until the signal aborts. */
  async #watch(life: Life, untilSeconds: number, runSeconds: number, isLast: boolean): Promise<void> {
    const sampler = new ServerSampler(life, () => this.#tally.calls);
    this.#sampler = sampler;
    this.samples.push(sampler.samples);
    const stepSeconds = runSeconds < SHORT_RUN_SECONDS ? 2 : 5;
    for (let told = this.#seconds; ; ) {
      const wait = Math.min(stepSeconds, untilSeconds - this.#seconds) * 1000;
      await sleep(Math.max(0, wait), undefined, { signal: this.#end.signal }).catch(() => {});
      if (this.#end.signal.aborted || life.isOver) break;
      const sample = sampler.take();
      if (this.#seconds - told >= PROGRESS_SECONDS) {
        told = this.#seconds;
        const { count } = this.#tally.unexpected;
        process.stderr.write(`${progressLine(sample, told, runSeconds, count)}\n`);
      }
      if (isLast && this.inventories.warm === undefined && sample.seconds >= WARM_SECONDS)
        this.inventories.warm = inventory(life.pid);
      if (this.#seconds >= untilSeconds) break;
    }
    if (isLast && !life.isOver) this.inventories.end = inventory(life.pid);
  }

  /** The end, and a start after it. */
  async #finish(shared: readonly string[]): Promise<void> {
    await this.#churn.check('at the end');
    const open = await openIn(await this.#server.up());
    if (open > this.#idle + FEW_MORE)
      this.#tally.surprise(
        `the server has ${open} connections and files when its clients have gone, ${this.#idle} at its start`,
      );
    await drain(this.#visitor);
    this.#look(shared);
    await this.#server.start();
    await this.#churn.check('after the end');
    const code = await this.#server.stop();
    if (code !== 0) this.#tally.surprise(`after SIGTERM the second server ended with ${code}`);
    this.#look(shared);
  }

  #look(shared: readonly string[]): void {
    const left = leftIn(this.#directory);
    if (left.length > 0) this.#tally.surprise(`left in the directory: ${left.slice(0, 10).join(', ')}`);
    const more = sharedMemory().filter((name) => !shared.includes(name));
    if (more.length > 0) this.#tally.surprise(`left in shared memory: ${more.join(', ')}`);
  }
}
