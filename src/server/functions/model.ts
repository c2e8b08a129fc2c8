/** What the server knows of functions: the words of its catalog. */

import type { AnyCallOptions, AnyInput, FunctionHandle } from '../../engine/function-handle.js';

/**
 * What a source is: an ELF made with the SDK, a static Linux program, a JavaScript or a TypeScript module.
 */
export type SourceKind = 'native' | 'linux' | 'js' | 'ts';

/** A file of a Linux program. */
export interface TarEntry {
  /** Absolute, in the guest. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Its permission bits. They are kept; the guest sees each file with mode 0644. */
  readonly mode: number;
}

/** A source as it is deployed. */
export interface GivenSource {
  readonly kind: SourceKind;
  /** The ELF, or the text of the module as UTF-8. */
  readonly body: Uint8Array;
  /** Files of a Linux program. @default none */
  readonly files?: readonly TarEntry[];
  /** Arguments of a Linux program. @default none */
  readonly args?: readonly string[];
  /** The name by which a Linux program is called, which some look at. @default `program` */
  readonly argv0?: string;
  /** Environment of a Linux program. @default empty */
  readonly env?: Readonly<Record<string, string>>;
  /** Where a Linux program starts. @default `/` */
  readonly cwd?: string;
  /** What `Intl` knows beside English, in a module. @default none */
  readonly locales?: readonly string[];
}

/** What is to be deployed. */
export interface Deployment {
  readonly tenant: string;
  readonly name: string;
  readonly source: GivenSource;
  /**
   * As `engine.define` takes it, of what JSON can say. For modules `values` is `'json'` unless it says
   * otherwise.
   */
  readonly policy: Readonly<Record<string, unknown>>;
  /** Whether `live` points to it from now on. It does in any case when it is the function's first version. */
  readonly activate: boolean;
}

/** What one deployment made. */
export interface Version {
  /** 1, 2, ...: never used again in this function. */
  readonly revision: number;
  /** The hash of all it was built from, 64 hex digits. */
  readonly version: string;
  readonly kind: SourceKind;
  readonly policy: Readonly<Record<string, unknown>>;
  /** As `2026-01-31T12:00:00.000Z`. */
  readonly createdAt: string;
  /** Of its source, files included. */
  readonly bytes: number;
  /** What it exports. */
  readonly functions: readonly string[];
}

/** A version that an alias points to, and how many of 100 calls go there. */
export interface Target {
  readonly revision: number;
  readonly version: string;
  readonly weight: number;
}

/** A function, as it is now. */
export interface FunctionInfo {
  readonly name: string;
  readonly createdAt: string;
  /** Newest first; at most 100 are kept. */
  readonly versions: readonly Version[];
  /** `live` is always among them. */
  readonly aliases: ReadonlyMap<string, readonly Target[]>;
  /** Whether `live` pointed to something else before. */
  readonly canRollBack: boolean;
}

/** What a tenant has on disk. */
export interface Usage {
  readonly functions: number;
  /** Source bytes of all versions. */
  readonly bytes: number;
}

/** A function of any kind. */
export type CallableHandle = FunctionHandle<AnyInput, unknown, AnyCallOptions>;

/** What a call runs. */
export interface Selected {
  readonly handle: CallableHandle;
  readonly version: Version;
  /** To be called when the call has ended, however it did. Idempotent. */
  release(): void;
}

/** Where the source of a version is kept. */
export interface StoredSource {
  /** SHA-256 of its body, which is the name of its file. */
  readonly body: string;
  /** SHA-256 of its packed files. */
  readonly files?: string;
  readonly args?: readonly string[];
  readonly argv0?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly locales?: readonly string[];
}

export interface StoredVersion {
  readonly info: Version;
  readonly source: StoredSource;
  /** The keys of what the engine's store has of it. */
  readonly stored: readonly string[];
}

/** One version, or two, of one alias: the weights are 100 together. */
export interface Share {
  readonly revision: number;
  readonly weight: number;
}

/** All that is on disk of a function. It is never changed, but replaced. */
export interface FunctionRecord {
  readonly tenant: string;
  readonly name: string;
  readonly createdAt: string;
  readonly nextRevision: number;
  /** Ascending. */
  readonly versions: readonly StoredVersion[];
  readonly aliases: ReadonlyMap<string, readonly Share[]>;
  /** What `live` pointed to before its changes; the last one is at the end. */
  readonly history: readonly (readonly Share[])[];
}

/** The alias that a call without one runs. */
export const LIVE = 'live';
/** The weights of an alias, together. */
export const WHOLE = 100;
