/** The tool that runs code. */

import { createHash } from 'node:crypto';
import { Answer, errorAnswer, valueText } from './answer.js';
import { checkKnown, msIn, refused, textIn } from './arguments.js';
import { Lines } from './lines.js';
import type { CheckedMcp } from './options.js';
import type { Runner } from './runner.js';
import type { Caller, Tool, ToolArguments, ToolResult } from './tool.js';

export const RUN_JAVASCRIPT = 'run_javascript';

const MOST_CODE = 262_144;
/** A statement that begins with `export`. No blank is looked at twice, however many there are. */
const EXPORTS = /(?:^|[;}])[ \t]*export\s*(?:[{*]|(?:default|const|let|var|function|class|async)\b)/m;

/** Runs code in a sandbox that nothing was in before. */
export class JavaScriptTool {
  readonly tool: Tool;
  readonly #options: CheckedMcp;
  readonly #runner: Runner;

  constructor(options: CheckedMcp, runner: Runner) {
    this.#options = options;
    this.#runner = runner;
    this.tool = describe(options);
  }

  /** @throws SnapvmError what is no error of the code or the arguments */
  async call(given: ToolArguments, caller: Caller, signal: AbortSignal): Promise<ToolResult> {
    const { timeoutMs: limit, outputCharacters } = this.#options;
    const lines = new Lines();
    try {
      checkKnown(given, ['code', 'input', 'timeoutMs']);
      const code = textIn(given, 'code', MOST_CODE);
      if (code === undefined) throw refused('code is missing; it must be a text');
      const value = await this.#runner.run({
        name: `code/${caller.tenant}/${createHash('sha256').update(code).digest('hex')}`,
        tool: RUN_JAVASCRIPT,
        source: () => ({ js: { source: moduleOf(code), language: 'js', packages: false } }),
        policy: javaScriptPolicy(this.#options),
        input: given.get('input'),
        options: { timeoutMs: msIn(given, 'timeoutMs', limit) ?? limit },
        caller,
        signal,
        lines,
      });
      return new Answer(outputCharacters).add(valueText(value)).printed(lines).result();
    } catch (error) {
      return errorAnswer(error, lines, outputCharacters, (text) => ownColumns(text, given.get('code')));
    }
  }
}

/** The sizes are those of every module here, so that all share one runtime. */
export function javaScriptPolicy({ timeoutMs, heapBytes }: CheckedMcp): Readonly<Record<string, unknown>> {
  return { timeoutMs, initTimeoutMs: timeoutMs, heapBytes, logLevel: 5, values: 'json' };
}

const BODY_START = 'export default async (input) => {';
/** A place in the first line. */
const PLACE = /\bfunction\.js:1:(\d+)/g;

/** Code that exports is a module; other code is the body of a function. Lines stay where they are. */
function moduleOf(code: string): string {
  return EXPORTS.test(code) ? code : `${BODY_START}${code}\n};`;
}

/** Columns as the code has them: what goes before the body of a function is in its first line. */
function ownColumns(text: string, code: unknown): string {
  if (typeof code !== 'string' || EXPORTS.test(code)) return text;
  return text.replace(PLACE, (place, column: string) => {
    const own = Number(column) - BODY_START.length;
    return own > 0 ? `function.js:1:${own}` : place;
  });
}

function describe({ timeoutMs, heapBytes, outputCharacters }: CheckedMcp): Tool {
  return {
    name: RUN_JAVASCRIPT,
    description:
      'Runs JavaScript in a sandbox: a micro-VM without files, network or other programs, which starts from fresh ' +
      'state each time and keeps nothing. The code is the body of an async function with the parameter `input`: ' +
      '`return` gives the answer, `await` works. Or it is a module: then its default export is called with `input`. ' +
      'The answer is text, or JSON of what is returned, and the lines of the console. ' +
      `At most ${timeoutMs} ms, ${heapBytes} bytes of memory, ${outputCharacters} characters of output.`,
    inputSchema: {
      type: 'object',
      properties: {
        code: { type: 'string', description: 'The code.' },
        input: { description: 'Any JSON value: what the code gets as `input`.' },
        timeoutMs: { type: 'number', description: 'Milliseconds it may run.', maximum: timeoutMs },
      },
      required: ['code'],
    },
  };
}
