/** A variant's process: opens it, and measures a round whenever it is asked. */
import { SUITES } from '../suites/index.js';
import { type Figures, Skip, type Subject } from './suite.js';

/** To the process; `undefined` ends it. */
export interface Order {
  readonly budgetMs?: number;
}

/** From the process: that it is open or closed, what a round measured, or why it cannot go on. */
export type Answer =
  | { readonly kind: 'open' | 'closed' }
  | { readonly kind: 'round'; readonly figures: Figures }
  | { readonly kind: 'skipped' | 'failed'; readonly reason: string };

function answer(message: Answer): void {
  process.send?.(message);
}

async function open(suiteName = '', variantName = ''): Promise<Subject> {
  const variant = SUITES.find(({ name }) => name === suiteName)
    ?.variants()
    .find(({ name }) => name === variantName);
  if (variant === undefined) throw new Error(`there is no ${suiteName}/${variantName}`);
  return await variant.open();
}

async function main(): Promise<void> {
  process.once('disconnect', () => process.exit()); // whoever asked is gone
  const subject = await open(process.argv[2], process.argv[3]);
  answer({ kind: 'open' });
  for (;;) {
    const { budgetMs } = await new Promise<Order>((resolve) => process.once('message', resolve));
    if (budgetMs === undefined) break;
    answer({ kind: 'round', figures: await subject.round(budgetMs) });
  }
  await subject.close();
  answer({ kind: 'closed' });
  process.disconnect();
}

main().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error);
  process.exitCode = 1;
  // As long as it is connected it would live.
  const said: Answer = { kind: error instanceof Skip ? 'skipped' : 'failed', reason };
  process.send?.(said, undefined, undefined, () => process.disconnect());
});
