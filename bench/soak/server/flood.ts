/** A tenant that wants more than it may have: it is told so, and nobody else notices. */
import { type Job, PATIENT } from './functions.js';
import { FLOOD_QUOTA } from './tenants.js';
import { type Answer, outcomeOf, type Visitor, type Wants } from './visitor.js';

const OVER = '429 SNAPVM_SERVER_QUOTA';
const JS = { 'content-type': 'text/javascript' };
const PATH = '/v1/functions/flood';

export class Flood {
  #served = 0;
  #since = 0;

  readonly jobs: readonly Job[] = [
    { kind: 'flood', weight: 20, run: (visitor) => this.#call(visitor) },
    { kind: 'flood, too large', weight: 1, run: tooLarge },
    { kind: 'flood, one function more', weight: 1, run: oneMore },
    { kind: 'flood, too many bytes', weight: 1, run: tooManyBytes },
  ];

  /** Deploys as many functions as it may have. */
  async start(visitor: Visitor): Promise<void> {
    for (let i = 0; i < FLOOD_QUOTA.functions; i++)
      await visitor.ask(
        'deploy',
        deployment(`flood${i === 0 ? '' : i}`, 'export default (value) => value;'),
        ['201'],
      );
    this.begin();
  }

  /** A server that starts counts anew. */
  begin(): void {
    this.#served = 0;
    this.#since = performance.now();
  }

  /** No more calls than the quota gives. */
  check({ tally }: Visitor): void {
    const seconds = (performance.now() - this.#since) / 1000;
    const most = FLOOD_QUOTA.callsPerSecond * (seconds + 2);
    if (this.#served > most)
      tally.surprise(
        `flood: ${this.#served} calls in ${Math.round(seconds)} s, of at most ${Math.round(most)}`,
      );
  }

  async #call(visitor: Visitor): Promise<void> {
    const answer = await ask(visitor, 'flood', { path: PATH }, ['204', OVER]);
    if (answer?.status === 204) this.#served += 1;
  }
}

function deployment(
  name: string,
  body: string,
): { path: string; method: string; headers: typeof JS; body: string; tenant: 'flood' } {
  return { tenant: 'flood', method: 'PUT', path: `/v1/functions/${name}?${PATIENT}`, headers: JS, body };
}

async function tooLarge(visitor: Visitor): Promise<void> {
  const body = Buffer.alloc(FLOOD_QUOTA.bodyBytes + 1);
  const headers = { 'content-type': 'application/octet-stream' };
  await ask(visitor, 'flood, too large', { path: PATH, headers, body }, ['413 SNAPVM_SERVER_TOO_LARGE']);
}

async function oneMore(visitor: Visitor): Promise<void> {
  await ask(visitor, 'flood, one function more', deployment('more', 'export default 1;'), [OVER]);
}

async function tooManyBytes(visitor: Visitor): Promise<void> {
  const body = `export default "${'x'.repeat(FLOOD_QUOTA.bytes - 50)}";`;
  await ask(visitor, 'flood, too many bytes', deployment('flood', body), [OVER]);
}

/** Whoever is refused is told when to come back. */
async function ask(
  visitor: Visitor,
  kind: string,
  asked: Omit<Parameters<Visitor['ask']>[1], 'tenant'>,
  wants: Wants,
): Promise<Answer | undefined> {
  return await visitor.ask(
    kind,
    { ...asked, tenant: 'flood' },
    wants,
    (answer) => outcomeOf(answer) !== OVER || /^[1-9]\d{0,4}$/.test(answer.headers['retry-after'] ?? ''),
  );
}
