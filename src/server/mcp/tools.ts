/** All tools of a server, by name. */

import type { Functions } from '../functions/functions.js';
import { badRequest, unknownThing } from '../http/request-error.js';
import { DeployedTools, type ToolPage } from './deployed.js';
import { Descriptions } from './descriptions.js';
import { JavaScriptTool, RUN_JAVASCRIPT } from './javascript.js';
import { LinuxTool, RUN_LINUX } from './linux.js';
import type { CheckedMcp } from './options.js';
import { Runner } from './runner.js';
import type { Caller, ToolArguments, ToolResult } from './tool.js';

/** `run_javascript`, `run_linux`, and a tool for each deployed function. */
export class Tools {
  readonly #runner: Runner;
  readonly #javaScript: JavaScriptTool | undefined;
  readonly #linux: LinuxTool | undefined;
  readonly #deployed: DeployedTools | undefined;

  /** @param functions Those that are deployed; without, no tools are made of them. */
  constructor(options: CheckedMcp, functions?: Functions) {
    const runner = new Runner(options);
    this.#runner = runner;
    this.#javaScript = options.javascript ? new JavaScriptTool(options, runner) : undefined;
    this.#linux = options.programs.size > 0 ? new LinuxTool(options, runner) : undefined;
    this.#deployed = functions && new DeployedTools(functions, new Descriptions(options, runner), options);
  }

  /** A page of the tools of a tenant: the first without `cursor`. @throws SnapvmError what keeps it from being made */
  async list(
    caller: Caller,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly tools: ToolPage['tools']; readonly nextCursor?: string }> {
    const after = cursor === undefined ? undefined : nameIn(cursor);
    const { tools, next } = (await this.#deployed?.list(caller, after, signal)) ?? { tools: [] };
    const runs = caller.mayRun ? [this.#javaScript, this.#linux] : [];
    const own = runs.flatMap((one) => (one === undefined ? [] : [one.tool]));
    return {
      tools: cursor === undefined ? [...own, ...tools] : tools,
      ...(next !== undefined && { nextCursor: Buffer.from(next).toString('base64url') }),
    };
  }

  /** @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, and what is no error of what is run or of its arguments */
  async call(name: string, given: ToolArguments, caller: Caller, signal: AbortSignal): Promise<ToolResult> {
    const { mayRun } = caller;
    if (name === RUN_JAVASCRIPT && this.#javaScript && mayRun)
      return await this.#javaScript.call(given, caller, signal);
    if (name === RUN_LINUX && this.#linux && mayRun) return await this.#linux.call(given, caller, signal);
    const result = await this.#deployed?.call(name, given, caller, signal);
    if (result !== undefined) return result;
    throw unknownThing(
      `there is no tool ${JSON.stringify(name.slice(0, 80))}; tools/list lists those that there are`,
    );
  }

  /** Ends what runs. Idempotent. */
  async close(): Promise<void> {
    await this.#runner.close();
  }
}

/** @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
function nameIn(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)) return name;
  throw badRequest('the cursor is none that tools/list gave');
}
