/** What functions, versions and calls are to a client. */
import type { SnapvmRequestError } from './errors.js';

/** A kind of function: with the SDK, a static Linux program, JavaScript, TypeScript. */
export type FunctionKind = 'native' | 'linux' | 'js' | 'ts';

/**
 * How a function may run; `Policy` of the engine says what each option means and its default. Sizes are bytes, times
 * milliseconds. Which of them there are depends on the kind: the server refuses others.
 */
export interface FunctionPolicy {
  /** Wall clock of one call. @default 1000 */
  readonly timeoutMs?: number;
  /** CPU time of one call. @default no limit beside timeoutMs */
  readonly cpuMs?: number;
  /** Wall clock of what runs once, when the function is defined. @default 10000 */
  readonly initTimeoutMs?: number;
  /** Its memory. */
  readonly heapBytes?: number;
  /** Its stack. */
  readonly stackBytes?: number;
  /** The largest input. */
  readonly inputBytes?: number;
  /** The largest answer. */
  readonly outputBytes?: number;
  /** Names of the server's host functions that the function may call. @default none */
  readonly hostFunctions?: readonly string[];
  /** Log lines and host calls, or system calls and faults, of one call. */
  readonly maxExits?: number;
  /** Bytes of log kept of one call. @default 65536 */
  readonly maxLogBytes?: number;
  /** What calls begin with: Linux programs `'stdin'` or `false`, native ones `true` or `false`. */
  readonly warm?: boolean | 'stdin';
  readonly [option: string]: unknown;
}

/** What a deployment sends. A text is JavaScript. */
export type FunctionSource =
  | string
  | {
      /** The text of a JavaScript module. */
      readonly js: string;
      /** What `Intl` knows beside English, as `['de', 'pt-BR']`. @default none */
      readonly locales?: readonly string[];
    }
  | {
      /** The text of a TypeScript module. */
      readonly ts: string;
      /** What `Intl` knows beside English. @default none */
      readonly locales?: readonly string[];
    }
  | {
      /** The bytes of an ELF that was made with the SDK. */
      readonly native: Uint8Array;
    }
  | {
      /** The bytes of a static Linux program. */
      readonly linux: Uint8Array;
      /** Its arguments, behind its own name. @default none */
      readonly args?: readonly string[];
      /** Its own name, by which some programs know what to do. @default `program` */
      readonly argv0?: string;
      /** Its environment. @default empty */
      readonly env?: Readonly<Record<string, string>>;
      /** Where it starts. @default `/` */
      readonly cwd?: string;
      /** Its files, by absolute path; or a tar archive (`packTar`), with folders and modes. @default none */
      readonly files?: Readonly<Record<string, Uint8Array | string>> | Uint8Array;
    };

/** Options of `deploy`. */
export interface DeployOptions {
  /** How the function may run. @default the server's defaults */
  readonly policy?: FunctionPolicy;
  /** Whether `live` is the new version from now on. @default true */
  readonly activate?: boolean;
  /** Ends the request; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A version of a function. */
export interface FunctionVersion {
  /** 1, 2, … */
  readonly revision: number;
  /** The hash of its snapshot: 64 hexadecimal digits. */
  readonly version: string;
  /** What its source is. */
  readonly kind: FunctionKind;
  /** When it was deployed first, as ISO 8601. */
  readonly createdAt: string;
  /** The size of its source. */
  readonly bytes: number;
  /** What it exports; the first is what a call without `fn` runs. */
  readonly functions: readonly string[];
  /** How it may run, as far as its deployment said so. */
  readonly policy: FunctionPolicy;
}

/** The version that a deployment made, or found. */
export interface Deployed extends FunctionVersion {
  /** The function's. */
  readonly name: string;
  /** `false`: the same function with the same policy was there already. */
  readonly created: boolean;
}

/** What an alias stands for: a version, with its share of the calls in percent. */
export interface AliasTarget {
  /** The version's number. */
  readonly revision: number;
  /** Its hash. */
  readonly version: string;
  /** Of 100 calls. */
  readonly weight: number;
}

/** A function, in a list. */
export interface FunctionSummary {
  /** What it is called by. */
  readonly name: string;
  /** When it was deployed first, as ISO 8601. */
  readonly createdAt: string;
  /** What a call runs that names no version; absent if nothing was made live yet. */
  readonly live?: readonly AliasTarget[];
  /** Of the version that is live. */
  readonly kind?: FunctionKind;
  /** If they were asked for. */
  readonly counters?: CallCounters;
}

/** What its calls came to since the server started, of the versions that are in use. */
export interface CallCounters {
  /** All, with those that failed. */
  readonly calls: number;
  /** By code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Half of the calls ran for at most so many microseconds. */
  readonly p50Us: number;
  /** 99 of 100 calls ran for at most so many microseconds. */
  readonly p99Us: number;
}

/** A function, with its versions and aliases. */
export interface FunctionInfo extends FunctionSummary {
  /** Of the version that is live. */
  readonly policy?: FunctionPolicy;
  /** Newest first, at most 100. */
  readonly versions: readonly FunctionVersion[];
  /** By name. `live` is one of them. */
  readonly aliases: Readonly<Record<string, readonly AliasTarget[]>>;
  /** Whether there is something that `live` stood for before. */
  readonly canRollBack: boolean;
  /** What its calls came to. */
  readonly counters: CallCounters;
}

/** Options of requests that have no others. */
export interface RequestOptions {
  /** Ends the request; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A version: its hash, at least the first 12 digits of it, or its revision. */
export type VersionName = string | number;

/** Which function and version a call runs, and with what. */
export interface CallTarget {
  /** Which of the function's exports. @default the first */
  readonly fn?: string | undefined;
  /** Runs what this alias stands for. @default `live` */
  readonly alias?: string | undefined;
  /** Runs this version. */
  readonly version?: VersionName | undefined;
  /** Wall clock of the call, in milliseconds, at most what its policy gives. @default the policy's */
  readonly timeoutMs?: number | undefined;
  /** Arguments of a Linux program for this call, in place of those it was deployed with. */
  readonly args?: readonly string[] | undefined;
}

/** Options of a call. */
export interface CallOptions extends CallTarget {
  /**
   * In how many milliseconds from now the caller has no use for the answer: waiting included
   * (`SNAPVM_CALL_DEADLINE`). If the server does not say so itself, the client does, 2 s later. @default none
   */
  readonly deadlineMs?: number | undefined;
  /** Ends the call, on the server too. */
  readonly signal?: AbortSignal | undefined;
}

/** What a Linux program answers. */
export interface ProgramResult {
  /** 128 + n if signal n ended it. */
  readonly exitCode: number;
  /** The name of the signal that ended it. */
  readonly signal?: string;
  /** What it wrote. */
  readonly stdout: ProgramOutput;
  /** What it wrote to standard error. */
  readonly stderr: ProgramOutput;
}

/** Bytes in JSON: text if they are UTF-8, or else base64. */
export type ProgramOutput =
  | string
  | {
      /** The bytes. */
      readonly base64: string;
    };

/** A call's answer, and how it came about. */
export interface CallInfo<Result> {
  /** What the function answered. */
  readonly result: Result;
  /** The version that ran, by its hash. */
  readonly version: string;
  /** Its number. */
  readonly revision: number;
  /** How long it ran, in microseconds. */
  readonly durationUs: number;
  /** How long it waited for its turn, in microseconds. */
  readonly queueUs: number;
  /** How many pages of memory it wrote to; `undefined` where the server does not say. */
  readonly dirtyPages: number | undefined;
  /** Of a Linux program. */
  readonly exitCode: number | undefined;
  /** What the server's log calls the request. */
  readonly requestId: string | undefined;
}

/** One answer of a batch. */
export type BatchAnswer<Result> =
  | {
      /** The function answered. */
      readonly ok: true;
      /** What it answered; `undefined` is an answer too, and bytes are `{ base64 }`. */
      readonly result: Result;
    }
  | {
      /** The call failed; others of the batch have not. */
      readonly ok: false;
      /** Why, as of a call alone. */
      readonly error: SnapvmRequestError;
    };

/** Options of `batchStream`. */
export interface BatchStreamOptions extends CallOptions {
  /**
   * How many inputs a request has at most, 1 to 10,000. The server answers a request when all of it has run, and keeps
   * 64 MiB of answers of one: fewer inputs are answered sooner, and leave more room to each. @default 1000
   */
  readonly pageSize?: number | undefined;
}

/** What a Linux program does while it runs. The last event is `end`. */
export type ProgramEvent =
  | {
      /** It wrote to standard output, or to standard error; what it wrote there comes at its end. */
      readonly type: 'stdout' | 'stderr';
      /** What it wrote, at most 1 MiB. */
      readonly bytes: Uint8Array;
    }
  | {
      /** It ended. */
      readonly type: 'end';
      /** 128 + n if signal n ended it. */
      readonly exitCode: number;
      /** The name of the signal that ended it. */
      readonly signal?: string;
    };

/** Options of `logs`. */
export interface LogOptions extends RequestOptions {
  /** Whether to wait for lines that come, until the loop is left or the function is removed. @default false */
  readonly follow?: boolean | undefined;
  /** How many of the lines that are kept there are to be, 0 to 200; the last ones. @default 200 */
  readonly limit?: number | undefined;
}

/** A line that a function wrote. */
export interface LogLine {
  /** When, as ISO 8601. */
  readonly time: string;
  /** By what it was written with, as `console.warn`. */
  readonly level: 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** The line. */
  readonly text: string;
  /** Which of its exports was called. */
  readonly fn?: string;
  /** The request that called it. */
  readonly requestId: string;
}

/** Options of `memory`. */
export interface MemoryOptions extends RequestOptions {
  /** Of what this alias stands for. @default `live` */
  readonly alias?: string | undefined;
  /** Of this version. */
  readonly version?: VersionName | undefined;
}

/** A part of the memory of a guest. */
export interface MemoryRegion {
  /** What it is for: `code`, `heap`, `stack`, … */
  readonly name: string;
  /** Its first guest physical address, as `0x1000`. */
  readonly gpa: string;
  /** Where the guest sees it, as `0x1000`. */
  readonly gva: string;
  /** Its size. */
  readonly bytes: number;
  /** `r`, `w` and `x`, or `-` for each that is missing. */
  readonly rights: string;
  /** 3, or 0 for what the guest itself cannot touch. */
  readonly ring: number;
}

/** Pages that are alike. */
export interface MemoryPages {
  /** 3, or 0 for what the guest itself cannot touch. */
  readonly ring: number;
  /** `r`, `w` and `x`, or `-` for each that is missing. */
  readonly rights: string;
  /** How many there are. */
  readonly count: number;
}

/** The memory that every call of a version starts from. */
export interface MemoryMap {
  /** The function's. */
  readonly name: string;
  /** The version's hash. */
  readonly version: string;
  /** Its number. */
  readonly revision: number;
  /** The ring that the guest runs in: 3, or 0. */
  readonly privilege: 'user' | 'supervisor';
  /** All that is mapped, by physical address. */
  readonly regions: readonly MemoryRegion[];
  /** What the page tables map. */
  readonly pageTables: {
    /** How many tables there are. */
    readonly tables: number;
    /** Their size. */
    readonly bytes: number;
    /** How many pages of 4 KiB they map with which rights, most first. */
    readonly pages: readonly MemoryPages[];
  };
  /** What the snapshot takes of the server's memory, in bytes: alone, and with other snapshots. */
  readonly snapshotBytes: {
    /** Its own. */
    readonly own: number;
    /** What other snapshots have, too. */
    readonly shared: number;
  };
}

/**
 * Where an asynchronous call is. `lost`: the server ended at once while the call ran or waited; whether it had an effect
 * is not known.
 */
export type CallState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'lost';

/** An asynchronous call that was taken. */
export interface QueuedCall {
  /** What `getCall` and the like are given. */
  readonly id: string;
  /** Where it was when the server answered. */
  readonly state: CallState;
}

/** An asynchronous call. Times are ISO 8601. */
export interface AsyncCall<Result = unknown> extends QueuedCall {
  /** The function that it calls. */
  readonly function: string;
  /** The version that it runs, by its hash. */
  readonly version: string;
  /** That version's number. */
  readonly revision: number;
  /** When the server took it. */
  readonly createdAt: string;
  /** When it ended. */
  readonly endedAt?: string;
  /** When the server forgets it. */
  readonly expiresAt?: string;
  /** Of a call that succeeded; `undefined` is an answer too. */
  readonly result?: Result;
  /** Of a call that failed, was cancelled or lost. */
  readonly error?: SnapvmRequestError;
}

/** Options of `waitForCall`. */
export interface WaitOptions extends RequestOptions {
  /** The longest pause between two looks, in milliseconds; the first ones are shorter. @default 1000 */
  readonly pollMs?: number | undefined;
}

/** Options of `list`. */
export interface ListOptions extends RequestOptions {
  /** How many functions a request asks for, 1 to 1000. @default 100 */
  readonly pageSize?: number | undefined;
  /** Whether each is to say what its calls came to. @default false */
  readonly counters?: boolean | undefined;
}

/** Whether the server takes requests. */
export interface Health {
  /** `false` while it starts or ends. */
  readonly ready: boolean;
  /** In a word. */
  readonly status: string;
  /** How many files it could not read, and has moved aside. */
  readonly problems?: number;
}
