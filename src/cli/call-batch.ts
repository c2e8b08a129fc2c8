/** `snapvm call --batch`: a call for each line of a file. */
import type { SnapvmClient } from '../client/client.js';
import type { BatchAnswer, CallOptions } from '../client/types.js';
import { reportOf } from './failure.js';
import { readPieces } from './input.js';
import { jsonLines } from './json-lines.js';
import { jsonLine, print, thousands, warn } from './output.js';

/** The server takes no more lines at once; bytes bound what is held here, and a line what can be read. */
const PORTION = { lines: 10_000, bytes: 4 * 2 ** 20, lineBytes: 64 * 2 ** 20 } as const;

/**
 * Calls a function with each line of a file, or of stdin (`-`), and prints an answer a line, in their order.
 * @returns the exit code: 1 if a call failed
 * @throws UsageError, FileError, SnapvmRequestError after the answers that there are
 */
export async function callBatch(
  client: SnapvmClient,
  name: string,
  file: string,
  options: CallOptions,
): Promise<number> {
  const what = file === '-' ? 'stdin' : JSON.stringify(file);
  let calls = 0;
  let failed = 0;
  for await (const { first, last, values } of jsonLines(what, readPieces('batch', file), PORTION)) {
    const answers = await client.batch(name, values, options).catch((error: unknown) => {
      // Which calls were made shows in the answers: programs count the lines.
      if (first > 1) warn(`snapvm: lines ${first} to ${last} of ${what} have no answers`);
      throw error;
    });
    calls += answers.length;
    failed += answers.filter(({ ok }) => !ok).length;
    await print(answers.map(answerLine).join(''));
  }
  if (failed > 0) warn(`snapvm: ${thousands(failed)} of ${thousands(calls)} calls failed`);
  return failed > 0 ? 1 : 0;
}

function answerLine(answer: BatchAnswer<unknown>): string {
  if (!answer.ok) return jsonLine({ status: answer.error.status, error: reportOf(answer.error) });
  const { result } = answer;
  return jsonLine(result === undefined ? { status: 204 } : { status: 200, result });
}
