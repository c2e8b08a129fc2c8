/** What deployed modules say of themselves: `export const input`, a JSON schema, and `export const description`. */

import { SnapvmError } from '../../base/errors.js';
import type { Functions } from '../functions/functions.js';
import type { Version } from '../functions/model.js';
import { statusOf } from '../http/problems.js';
import { javaScriptPolicy } from './javascript.js';
import { Lines } from './lines.js';
import type { CheckedMcp } from './options.js';
import type { Runner } from './runner.js';
import { schemaProblem } from './schema.js';
import type { Caller, InputSchema } from './tool.js';

export interface Description {
  readonly schema?: InputSchema;
  readonly text?: string;
  /** Why the module's schema is not used. */
  readonly problem?: string;
}

const MOST_KEPT = 1000;
const MOST_TEXT = 2000;
/** Of evaluating the module, and of saying what it exports. */
const PATIENCE_MS = 2000;
/** An exported function of the module that is evaluated to ask it; nobody calls that definition but this file. */
const ASK = 'snapvmDescribesItself';
/** What it says of its exports. A description that is no text is none. */
const SAID = { input: 'input', description: "typeof description === 'string' ? description : undefined" };
const NOTHING: Description = Object.freeze({});

/**
 * Asks each version once, in a sandbox of its own: what calls run has nothing added to it. That is no call of the tenant's,
 * as the evaluation is none when the version is deployed.
 */
export class Descriptions {
  readonly #options: CheckedMcp;
  readonly #runner: Runner;
  /** By the hash of the version; those asked for longest ago come first. */
  readonly #known = new Map<string, Description>();

  constructor(options: CheckedMcp, runner: Runner) {
    this.#options = options;
    this.#runner = runner;
  }

  /** @throws SnapvmError what is no fault of the module: a machine without memory, an abort */
  async of(
    functions: Functions,
    name: string,
    version: Version,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<Description> {
    if (version.kind !== 'js' && version.kind !== 'ts') return NOTHING;
    const key = version.version;
    const description = this.#known.get(key) ?? (await this.#read(functions, name, version, caller, signal));
    this.#known.delete(key);
    this.#known.set(key, description);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KEPT && oldest !== undefined) this.#known.delete(oldest);
    return description;
  }

  async #read(
    functions: Functions,
    name: string,
    { kind, revision, version }: Version,
    caller: Caller,
    signal: AbortSignal,
  ): Promise<Description> {
    const source = await functions.source(caller.tenant, name, String(revision));
    if (!('js' in source) || typeof source.js !== 'object' || !('source' in source.js)) return NOTHING;
    const { source: text, locales, packages } = source.js;
    const said = Object.entries(SAID).flatMap(([word, value]) =>
      exports(text, word) ? [`${word}: ${value}`] : [],
    );
    if (said.length === 0) return NOTHING;
    try {
      const answer = await this.#runner.run({
        name: `description/${caller.tenant}/${version}`,
        source: () => ({
          js: {
            source: `${text}\n;export const ${ASK} = () => ({ ${said.join(', ')} });\n`,
            ...(kind === 'ts' && { language: 'ts' }),
            ...(packages !== undefined && { packages }),
            ...(locales !== undefined && { locales }),
          },
        }),
        policy: { ...javaScriptPolicy(this.#options), initTimeoutMs: PATIENCE_MS, timeoutMs: PATIENCE_MS },
        input: undefined,
        options: { fn: ASK },
        once: true,
        caller,
        signal,
        lines: new Lines(),
      });
      return descriptionOf(answer);
    } catch (error) {
      if (!(error instanceof SnapvmError) || statusOf(error.code) !== 422) throw error;
      return { problem: `it could not be read: ${error.code}` };
    }
  }
}

function exports(text: string, word: string): boolean {
  return new RegExp(`\\bexport\\s+(?:const|let|var)\\s+${word}\\b`).test(text);
}

/** What a guest answered may be anything that JSON is. */
function descriptionOf(answer: unknown): Description {
  const { input, description } = Object(answer) as {
    readonly input?: unknown;
    readonly description?: unknown;
  };
  const text = typeof description === 'string' ? description.slice(0, MOST_TEXT) : undefined;
  const problem = input === undefined ? undefined : schemaProblem(input);
  return {
    ...(text !== undefined && { text }),
    ...(input !== undefined && problem === undefined && { schema: input as InputSchema }),
    ...(problem !== undefined && { problem }),
  };
}
