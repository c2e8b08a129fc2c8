/** The HTTP server: echoes beside a bare Fastify route that echoes, and tenants beside each other. */
import { Engine } from '../../src/index.js';
import { measureAsync } from '../harness/measure.js';
import { percentile, round } from '../harness/statistics.js';
import type { Figures, Suite, Variant } from '../harness/suite.js';
import { JAVASCRIPT, NATIVE, prepare, Server, type Subject, tokenOf } from '../http/client.js';
import { echo, RUN_IN_MS } from './end-to-end.js';
import { BENCH } from './guests.js';

const WARM_UP_MS = 3000;
const CONNECTIONS = 32;
const US_PER_MS = 1000;
/** autocannon counts in whole seconds. */
const LEAST_S = 1;
/** Calls a second: what the neighbour's quota allows, and what the other tenant makes whatever happens. */
const QUOTA = 200;
const STEADY = 100;
const FLOOD = 5;

function figures(ms: Float64Array, perSecond: number): Figures {
  return {
    calls_per_s: round(perSecond),
    p50_us: round(percentile(ms, 0.5) * US_PER_MS),
    p99_us: round(percentile(ms, 0.99) * US_PER_MS),
  };
}

async function measured(server: Server, subject: Subject, connections: number, budgetMs: number) {
  const duration = Math.max(LEAST_S, Math.round(budgetMs / 1000));
  const { ms, perSecond } = await server.load(subject, { connections, duration });
  return figures(ms, perSecond);
}

function variant(name: string, kind: 'bare' | 'snapvm', subject: Subject, connections: number): Variant {
  return {
    name: connections === 1 ? `${name}, one at a time` : name,
    group: `${connections} connections`,
    open: async () => {
      const server = await Server.start(kind);
      if (kind === 'snapvm') await server.deploy();
      return {
        round: (budgetMs) => measured(server, subject, connections, budgetMs),
        close: () => server.close(),
      };
    },
  };
}

/** The engine without a server, in the same turns. */
const alone: Variant = {
  name: 'engine, one at a time',
  group: '1 connections',
  open: async () => {
    const engine = await Engine.start({ workers: 2 });
    const handle = await engine.define('echo', { elf: BENCH });
    return {
      round: (budgetMs) => measureAsync(budgetMs, () => echo(handle)),
      close: () => engine.close(),
    };
  },
};

export const http: Suite = {
  name: 'http',
  warmUpMs: WARM_UP_MS,
  runInMs: RUN_IN_MS,
  title: 'calls of deployed functions over HTTP, beside a bare Fastify route that echoes',
  figure: 'calls_per_s',
  beside: ['p50_us', 'p99_us'],
  prepare,
  variants: () => [
    ...[CONNECTIONS, 1].flatMap((connections) => [
      variant('bare route', 'bare', NATIVE, connections),
      variant('native echo', 'snapvm', NATIVE, connections),
      variant('JavaScript', 'snapvm', JAVASCRIPT, connections),
    ]),
    alone,
  ],
};

/** A tenant at a steady rate, beside one that keeps its quota and beside one that offers five times as much. */
async function besideNeighbour(
  server: Server,
  steady: string,
  neighbour: string,
  rate: number,
  seconds: number,
) {
  const [mine, other] = await Promise.all([
    server.load(NATIVE, { connections: 8, duration: seconds, overallRate: STEADY }, steady),
    server.load(NATIVE, { connections: CONNECTIONS, duration: seconds, overallRate: rate }, neighbour),
  ]);
  return { p99: percentile(mine.ms, 0.99) * US_PER_MS, refused: other.statuses.get(429) ?? 0 };
}

export const httpNeighbour: Suite = {
  name: 'http_neighbour',
  warmUpMs: WARM_UP_MS,
  title: `p99 of ${STEADY} calls/s of a tenant beside another that offers ${FLOOD} times its quota, over beside one that keeps it`,
  figure: 'tail',
  beside: ['p99_us', 'kept_p99_us', 'refused'],
  prepare,
  variants: () => [
    {
      name: 'neighbour',
      open: async () => {
        const [steady, neighbour] = [tokenOf('steady'), tokenOf('neighbour')];
        const server = await Server.start('snapvm', {
          tokens: [steady.entry, neighbour.entry],
          tenants: { steady: {}, neighbour: { callsPerSecond: QUOTA } },
        });
        await server.deploy(steady.token);
        await server.deploy(neighbour.token);
        return {
          round: async (budgetMs) => {
            const seconds = Math.max(2, Math.round((budgetMs * 8) / 1000));
            const run = (rate: number) =>
              besideNeighbour(server, steady.token, neighbour.token, rate, seconds);
            const kept = await run(QUOTA * 0.9);
            const flooded = await run(QUOTA * FLOOD);
            return {
              tail: round(flooded.p99 / kept.p99, 3),
              p99_us: round(flooded.p99),
              kept_p99_us: round(kept.p99),
              refused: flooded.refused,
            };
          },
          close: () => server.close(),
        };
      },
    },
  ],
};
