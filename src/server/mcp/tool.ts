/** What a tool is, and who calls it. */

import type { SourceKind } from '../functions/model.js';
import type { Outcome } from '../http/invoke.js';
import type { Lines } from './lines.js';

/** A JSON schema of an object. */
export interface InputSchema {
  readonly type: 'object';
  readonly [keyword: string]: unknown;
}

/** A tool, as it is listed. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: InputSchema;
}

/** What a tool answers. */
export interface ToolResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  /** What was run failed, or was asked for wrongly: the assistant can do something about it. */
  readonly isError?: true;
}

/** Arguments of a call; keys may be anything. */
export type ToolArguments = ReadonlyMap<string, unknown>;

/** What ran of a call. */
export interface Spent {
  readonly runUs: number;
  readonly queueUs?: number | undefined;
  readonly dirtyPages?: number | undefined;
}

/** A call of a tool that was let in. */
export interface Admitted {
  /** It has ended. @param code of its error, if it failed */
  end(spent: Spent, code?: string): void;
}

/** A call of a deployed function. */
export interface DeployedCall {
  readonly name: string;
  /** @throws SnapvmError what is wrong with the input */
  readonly input: (kind: SourceKind) => unknown;
  readonly args?: readonly string[] | undefined;
  readonly signal: AbortSignal;
  /** Gets what the function prints. */
  readonly lines: Lines;
}

/** On whose behalf tools are listed and called. */
export interface Caller {
  readonly tenant: string;
  /** Whether it may run code of its own, and programs: as who may deploy may. */
  readonly mayRun: boolean;
  /** Lets a run of code or a program in. @throws SnapvmError `SNAPVM_SERVER_QUOTA` */
  admit(tool: string): Admitted;
  /** Calls a deployed function of the tenant. @throws SnapvmError how it failed, or why it was not made */
  call(call: DeployedCall): Promise<Outcome>;
}
