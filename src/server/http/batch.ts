/** Calls for many inputs in one request. */

import { SnapvmError } from '../../base/errors.js';
import { jsonResultOf } from './answers.js';
import { type BatchInput, inputValue } from './batch-inputs.js';
import { inputFromJson } from './inputs.js';
import { type Invocation, invoke } from './invoke.js';
import { asSnapvmError, type Problem, problemOf, problemText } from './problems.js';
import { tooLarge } from './request-error.js';
import type { Services } from './services.js';

/** Answers of one batch, together. */
const ANSWER_BYTES = 64 * 2 ** 20;

/** Calls of one request, whose invocations are alike but for the input. */
export class Batch {
  readonly #services: Services;
  readonly #each: Omit<Invocation, 'input'>;
  readonly #inputs: readonly BatchInput[];
  readonly #entries: string[];
  #next = 0;
  #underway = 0;
  #bytesLeft = ANSWER_BYTES;
  /** Those that wait until a call of this batch has ended. */
  #waiting: (() => void)[] = [];

  constructor(services: Services, each: Omit<Invocation, 'input'>, inputs: readonly BatchInput[]) {
    this.#services = services;
    this.#each = each;
    this.#inputs = inputs;
    this.#entries = new Array<string>(inputs.length);
  }

  /** An answer for each input, as JSON, in the order of the inputs. At most `atOnce` calls run at a time. */
  async run(atOnce: number): Promise<readonly string[]> {
    const lanes = Math.min(atOnce, this.#inputs.length);
    await Promise.all(Array.from({ length: lanes }, () => this.#lane()));
    return this.#entries;
  }

  async #lane(): Promise<void> {
    while (this.#next < this.#inputs.length) {
      const at = this.#next;
      this.#next += 1;
      const entry = await this.#entry(this.#inputs[at] as BatchInput);
      this.#bytesLeft -= entry.length;
      this.#entries[at] = this.#bytesLeft >= 0 ? entry : this.#failed(noRoom());
    }
  }

  async #entry(given: BatchInput): Promise<string> {
    if (this.#bytesLeft <= 0) return this.#failed(noRoom());
    try {
      const outcome = await this.#call(given);
      const result = jsonResultOf(outcome);
      if (result.kind === 'bytes') return `{"status":200,"result":{"base64":"${result.base64}"}}`;
      return result.json === undefined ? '{"status":204}' : `{"status":200,"result":${result.json}}`;
    } catch (error) {
      if (this.#each.signal.aborted) throw error; // nobody waits for the answers of the others
      return this.#failed(asSnapvmError(error));
    }
  }

  /** What the tenant may not do at once is done one after the other. */
  async #call(given: BatchInput): ReturnType<typeof invoke> {
    for (;;) {
      this.#underway += 1;
      try {
        const outcome = await invoke(this.#services, {
          ...this.#each,
          input: ({ kind }) => inputFromJson(kind, inputValue(given)),
        });
        this.#ended();
        return outcome;
      } catch (error) {
        if (this.#underway === 1 || !isCrowded(error)) {
          this.#ended();
          throw error;
        }
      }
      this.#underway -= 1; // without telling the others, who wait for one that was let in
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #ended(): void {
    this.#underway -= 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }

  #failed(error: SnapvmError): string {
    const { name, requestId } = this.#each;
    this.#services.tellHidden(error, requestId);
    const problem: Problem = problemOf(error, requestId, name);
    return `{"status":${problem.status},"problem":${problemText(problem)}}`;
  }
}

function noRoom(): SnapvmError {
  return tooLarge(`the answers of the batch have more than ${ANSWER_BYTES} bytes`, ANSWER_BYTES);
}

function isCrowded(error: unknown): boolean {
  if (!(error instanceof SnapvmError) || error.code !== 'SNAPVM_SERVER_QUOTA') return false;
  return String(error.details['quota']).startsWith('concurrent');
}
