/** What an engine says of itself, as metrics. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { EngineStats } from '../../engine/engine.js';

interface Row {
  readonly name: string;
  readonly help: string;
  readonly of: (stats: EngineStats) => number;
}

/** What goes up and down. */
const GAUGES: readonly Row[] = [
  { name: 'snapvm_calls_pending', help: 'Calls that have not ended', of: ({ pending }) => pending },
  { name: 'snapvm_calls_waiting', help: 'Calls that wait for a worker', of: ({ waiting }) => waiting },
  { name: 'snapvm_workers', help: 'Worker threads that answer', of: ({ workers }) => workers },
  {
    name: 'snapvm_sandboxes',
    help: 'Sandboxes that the workers hold',
    of: ({ residents }) => residents.sandboxes,
  },
  {
    name: 'snapvm_sandbox_bytes',
    help: 'Private memory of these sandboxes',
    of: ({ residents }) => residents.bytes,
  },
];

/** What the engine itself has counted since it started. */
const COUNTERS: readonly Row[] = [
  {
    name: 'snapvm_workers_replaced_total',
    help: 'Worker threads that died and were replaced',
    of: ({ workersReplaced }) => workersReplaced,
  },
  {
    name: 'snapvm_restores_total',
    help: 'Calls that got a used sandbox, put back to its snapshot',
    of: ({ restores }) => restores,
  },
  {
    name: 'snapvm_host_calls_total',
    help: 'Calls of host functions by guests',
    of: ({ hostCalls }) => hostCalls,
  },
];

const STORE_EVENTS = ['loaded', 'saved', 'refused', 'unsaved'] as const;

export class EngineMetrics {
  readonly #gauges: readonly [Gauge, Row][];
  readonly #counters: readonly [Counter, Row][];
  readonly #store: Counter<'event'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#gauges = GAUGES.map((row) => [new Gauge({ name: row.name, help: row.help, registers }), row]);
    this.#counters = COUNTERS.map((row) => [new Counter({ name: row.name, help: row.help, registers }), row]);
    this.#store = new Counter({
      name: 'snapvm_store_snapshots_total',
      help: 'Snapshots that the store loaded, saved, refused to load, or could not save',
      labelNames: ['event'],
      registers,
    });
  }

  set(stats: EngineStats): void {
    for (const [gauge, { of }] of this.#gauges) gauge.set(of(stats));
    for (const [counter, { of }] of this.#counters) {
      counter.reset();
      counter.inc(of(stats));
    }
    this.#store.reset();
    for (const event of STORE_EVENTS) this.#store.inc({ event }, stats.store[event]);
  }
}
