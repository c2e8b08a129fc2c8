/** What is compared: a way to run a function that nobody trusts, doing the same works as every other. */
export type WorkName = 'echo' | 'transform' | 'json' | 'fib';

/** Whether a call starts from fresh state, or finds what calls before it left. */
export type Mode = 'fresh' | 'warm';

/** One work in one mode, ready to be measured. One call at a time. */
export interface Subject {
  /** @throws if the answer is not the right one, all of it */
  call(): void | Promise<void>;
  close(): void | Promise<void>;
}

export interface Peer {
  readonly name: string;
  readonly version: () => string;
  /** What is done for each call, in a sentence. */
  readonly how: Readonly<Record<Mode, string>>;
  /** Options of node that its process has to be started with. */
  readonly execArgv?: readonly string[];
  /** What it cannot do, and why. */
  readonly unsupported?: Readonly<Partial<Record<WorkName, string>>>;
  open(work: WorkName, mode: Mode): Promise<Subject>;
}

/** Time a call may take, wherever a peer can be told: what snapvm allows by default. */
export const TIMEOUT_MS = 1000;

/** Memory it may take, in MiB, wherever a peer can be told. */
export const MEMORY_MIB = 128;
