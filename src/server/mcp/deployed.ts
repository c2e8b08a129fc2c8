/** Deployed functions as tools. */

import { SnapvmError } from '../../base/errors.js';
import type { LinuxResult } from '../../guests/program-result.js';
import type { Functions } from '../functions/functions.js';
import { type FunctionInfo, LIVE, type SourceKind, type Version } from '../functions/model.js';
import { Answer, errorAnswer, programAnswer, valueText } from './answer.js';
import { checkKnown, textIn, textsIn } from './arguments.js';
import type { Description, Descriptions } from './descriptions.js';
import { Lines } from './lines.js';
import type { CheckedMcp } from './options.js';
import type { Caller, InputSchema, Tool, ToolArguments, ToolResult } from './tool.js';
import { functionNamed, isOfFunction, toolName } from './tool-names.js';

/** Some of the tools. */
export interface ToolPage {
  readonly tools: readonly Tool[];
  /** After which function the next ones come; absent when there are none. */
  readonly next?: string;
}

const PAGE = 100;
const MOST_TEXT = 64 * 2 ** 20;

const SCHEMAS: Readonly<Record<SourceKind, InputSchema>> = {
  js: { type: 'object', properties: { input: { description: 'Any JSON value.' } } },
  ts: { type: 'object', properties: { input: { description: 'Any JSON value.' } } },
  native: { type: 'object', properties: { input: { type: 'string', description: 'Text, as UTF-8.' } } },
  linux: {
    type: 'object',
    properties: {
      stdin: { type: 'string', description: 'Its standard input.' },
      args: { type: 'array', items: { type: 'string' }, description: 'Its arguments.' },
    },
  },
};

/** The tools of the functions of a server. */
export class DeployedTools {
  readonly #functions: Functions;
  readonly #descriptions: Descriptions;
  readonly #room: number;

  constructor(functions: Functions, descriptions: Descriptions, { outputCharacters }: CheckedMcp) {
    this.#functions = functions;
    this.#descriptions = descriptions;
    this.#room = outputCharacters;
  }

  /** @throws SnapvmError a machine without memory, an abort */
  async list(caller: Caller, after: string | undefined, signal: AbortSignal): Promise<ToolPage> {
    const { functions, next } = this.#functions.list(caller.tenant, { limit: PAGE, after });
    const tools: Tool[] = [];
    for (const info of functions) {
      const description = await this.#describe(info, caller, signal);
      tools.push(toolOf(info.name, liveVersion(info).kind, description));
    }
    return { tools, ...(next !== undefined && { next }) };
  }

  /** `undefined` when there is no such tool. @throws SnapvmError what is no error of the function or the arguments */
  async call(
    tool: string,
    given: ToolArguments,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<ToolResult | undefined> {
    const info = this.#find(caller.tenant, tool);
    if (info === undefined) return undefined;
    const lines = new Lines();
    try {
      const { schema } = await this.#describe(info, caller, signal);
      const kind = liveVersion(info).kind;
      const input = inputOf(kind, given, schema);
      const args = kind === 'linux' ? textsIn(given, 'args') : undefined;
      const { version, value } = await caller.call({
        name: info.name,
        input: () => input,
        args,
        signal,
        lines,
      });
      if (version.kind === 'linux') return programAnswer(value as LinuxResult, this.#room);
      return new Answer(this.#room).add(valueText(value)).printed(lines).result();
    } catch (error) {
      return errorAnswer(error, lines, this.#room);
    }
  }

  #describe(info: FunctionInfo, caller: Caller, signal: AbortSignal): Promise<Description> {
    return this.#descriptions.of(this.#functions, info.name, liveVersion(info), caller, signal);
  }

  /** Names that say themselves whose they are cost no search. */
  #find(tenant: string, tool: string): FunctionInfo | undefined {
    const named = functionNamed(tool);
    if (named !== undefined) return this.#get(tenant, named);
    if (!isOfFunction(tool)) return undefined;
    for (let after: string | undefined; ; ) {
      const { functions, next } = this.#functions.list(tenant, { limit: PAGE, after });
      const found = functions.find(({ name }) => toolName(name) === tool);
      if (found !== undefined || next === undefined) return found;
      after = next;
    }
  }

  #get(tenant: string, name: string): FunctionInfo | undefined {
    try {
      return this.#functions.get(tenant, name);
    } catch (error) {
      if (error instanceof SnapvmError && error.code === 'SNAPVM_SERVER_UNKNOWN') return undefined;
      throw error;
    }
  }
}

function toolOf(name: string, kind: SourceKind, { schema, text, problem }: Description): Tool {
  const remark = problem === undefined ? '' : ` (Its description of its input is not used: ${problem}.)`;
  return {
    name: toolName(name),
    description: `${text ?? `The deployed function ${name}.`}${remark}`,
    inputSchema: schema ?? SCHEMAS[kind],
  };
}

/** What a call without alias runs; of two versions, the one that more calls run. */
function liveVersion({ aliases, versions }: FunctionInfo): Version {
  const [first, second] = aliases.get(LIVE) ?? [];
  const most = first !== undefined && second !== undefined && second.weight > first.weight ? second : first;
  const found = versions.find(({ revision }) => revision === most?.revision);
  if (found === undefined) throw new Error('a function without its live version');
  return found;
}

/** @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
function inputOf(kind: SourceKind, given: ToolArguments, schema: InputSchema | undefined): unknown {
  if (schema !== undefined) return Object.fromEntries(given);
  if (kind === 'linux') {
    checkKnown(given, ['stdin', 'args']);
    return textIn(given, 'stdin', MOST_TEXT);
  }
  checkKnown(given, ['input']);
  return kind === 'native' ? textIn(given, 'input', MOST_TEXT) : given.get('input');
}
