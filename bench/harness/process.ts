/** The other end of a variant's process. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Order } from './child.js';
import type { Figures, Variant } from './suite.js';

const CHILD = fileURLToPath(new URL('child.js', import.meta.url));

/** Why a variant has no figures. */
export class NotMeasured extends Error {}

export class VariantProcess {
  readonly variant: Variant;
  readonly #child: ChildProcess;
  readonly #name: string;

  private constructor(suite: string, variant: Variant) {
    this.variant = variant;
    this.#name = `${suite}/${variant.name}`;
    this.#child = fork(CHILD, [suite, variant.name], {
      execArgv: [...(variant.execArgv ?? [])],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** @throws NotMeasured when it cannot be measured on this machine; Error when it is broken */
  static async open(suite: string, variant: Variant): Promise<VariantProcess> {
    const made = new VariantProcess(suite, variant);
    try {
      await made.#answer('open');
      return made;
    } catch (error) {
      made.kill();
      throw error;
    }
  }

  async round(budgetMs: number): Promise<Figures> {
    this.#send({ budgetMs });
    const answer = await this.#answer('round');
    return answer.kind === 'round' ? answer.figures : {};
  }

  async close(): Promise<void> {
    this.#send({});
    await this.#answer('closed');
  }

  /** At once, whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #send(order: Order): void {
    this.#child.send(order);
  }

  #answer(kind: Answer['kind']): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null, signal: string | null): void =>
        reject(new Error(`${this.#name}: its process ended with ${signal ?? `status ${code}`}`));
      this.#child.once('exit', ended);
      this.#child.once('message', (message: Answer) => {
        this.#child.off('exit', ended);
        if (message.kind === kind) resolve(message);
        else if (message.kind === 'skipped') reject(new NotMeasured(message.reason));
        else
          reject(
            new Error(
              `${this.#name}: ${message.kind === 'failed' ? message.reason : `said ${message.kind}`}`,
            ),
          );
      });
    });
  }
}
