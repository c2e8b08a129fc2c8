/** The tool that runs Linux programs which the configuration names. */

import { SnapvmError } from '../../base/errors.js';
import { messageOf } from '../../base/realms.js';
import type { LinuxResult } from '../../guests/program-result.js';
import { errorAnswer, programAnswer } from './answer.js';
import { checkKnown, msIn, refused, textIn, textsIn } from './arguments.js';
import { Lines } from './lines.js';
import type { CheckedMcp } from './options.js';
import type { Runner } from './runner.js';
import type { Caller, Tool, ToolArguments, ToolResult } from './tool.js';

export const RUN_LINUX = 'run_linux';

const MOST_STDIN = 16 * 2 ** 20;

/** Runs a program in a sandbox that nothing was in before. */
export class LinuxTool {
  readonly tool: Tool;
  readonly #options: CheckedMcp;
  readonly #runner: Runner;

  constructor(options: CheckedMcp, runner: Runner) {
    this.#options = options;
    this.#runner = runner;
    this.tool = describe(options);
  }

  /** @throws SnapvmError what is no error of the program or the arguments */
  async call(given: ToolArguments, caller: Caller, signal: AbortSignal): Promise<ToolResult> {
    const { timeoutMs: limit, heapBytes, outputCharacters, programs } = this.#options;
    const lines = new Lines();
    try {
      checkKnown(given, ['program', 'args', 'stdin', 'timeoutMs']);
      const name = given.get('program');
      const path = typeof name === 'string' ? programs.get(name) : undefined;
      if (path === undefined) throw refused(`program must be one of ${[...programs.keys()].join(', ')}`);
      const args = textsIn(given, 'args');
      const result = await this.#runner.run({
        name: `program/${name}`,
        tool: RUN_LINUX,
        source: () => ({ linux: path, argv0: String(name) }),
        policy: { timeoutMs: limit, heapBytes },
        input: textIn(given, 'stdin', MOST_STDIN),
        options: { timeoutMs: msIn(given, 'timeoutMs', limit) ?? limit, args: args ?? [] },
        caller,
        signal,
        lines,
      });
      return programAnswer(result as LinuxResult, outputCharacters);
    } catch (error) {
      return errorAnswer(ownError(error, String(given.get('program'))), lines, outputCharacters);
    }
  }
}

/** A file that is no program is a fault of the configuration, and its path nobody's business. */
function ownError(error: unknown, name: string): unknown {
  if (!(error instanceof SnapvmError) || !/^SNAPVM_(?:ELF|LINUX_FILES|SNAPSHOT)/.test(error.code))
    return error;
  return new SnapvmError(
    'SNAPVM_INTERNAL',
    `the program ${name} cannot be used: ${error.code}: ${messageOf(error)}`,
    {},
    { cause: error },
  );
}

function describe({ programs, timeoutMs, heapBytes, outputCharacters }: CheckedMcp): Tool {
  return {
    name: RUN_LINUX,
    description:
      'Runs a Linux program in a sandbox: a micro-VM with no files of the machine, no network and no other processes, ' +
      'which starts from fresh state each time and keeps nothing. The answer is its standard output, its standard ' +
      'error, and its exit code unless that is 0. ' +
      `At most ${timeoutMs} ms, ${heapBytes} bytes of memory, ${outputCharacters} characters of output.`,
    inputSchema: {
      type: 'object',
      properties: {
        program: { type: 'string', enum: [...programs.keys()], description: 'Which program.' },
        args: { type: 'array', items: { type: 'string' }, description: 'Its arguments, after its own name.' },
        stdin: { type: 'string', description: 'Its standard input.' },
        timeoutMs: { type: 'number', description: 'Milliseconds it may run.', maximum: timeoutMs },
      },
      required: ['program'],
    },
  };
}
