/** What `/metrics` says, in Prometheus' text format. docs/server-operations.md has the table. */
import { Counter, type CounterConfiguration, Gauge, Registry } from 'prom-client';
import type { EngineStats } from '../../engine/engine.js';
import { CallTable, type EndedCall } from './call-series.js';
import { EngineMetrics } from './engine-metrics.js';

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern of its route (`/v1/functions/:name`), never its path; absent when there is no such route. */
  readonly route: string | undefined;
  readonly status: number;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
/** Labels of a counter that counts other values as `other`: more than routes times statuses, or tenants. */
const MOST_LABELS = 2000;

/** The metrics of one server, in a registry of its own: two servers of one process do not mix. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #calls = new CallTable();
  readonly #engine = new EngineMetrics(this.#registry);
  readonly #asyncQueue = new Gauge({
    name: 'snapvm_async_calls_queued',
    help: 'Asynchronous calls that have not begun',
    registers: [this.#registry],
  });
  readonly #batches = this.#counter('snapvm_batches_total', 'Batches that have ended', ['tenant']);
  readonly #inputs = this.#counter('snapvm_batch_inputs_total', 'Inputs of batches', ['tenant']);
  readonly #refusals = this.#counter('snapvm_quota_refusals_total', 'What a quota refused', [
    'tenant',
    'quota',
  ]);
  readonly #requests = this.#counter('snapvm_http_requests_total', 'Requests that were answered', [
    'method',
    'route',
    'status',
  ]);
  #text: Promise<string> | undefined;

  /** The `content-type` of `text`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Counts a call, whichever way it came. Its function exists: what does not is counted by its request. */
  callEnded(call: EndedCall): void {
    this.#calls.ended(call);
  }

  /** Ends the series of a function that was removed. */
  functionRemoved(tenant: string, name: string): void {
    this.#calls.forget(tenant, name);
  }

  /** How many asynchronous calls wait to begin. */
  asyncQueue(waiting: number): void {
    this.#asyncQueue.set(waiting);
  }

  /** Counts a batch of so many inputs. */
  batchEnded(tenant: string, inputs: number): void {
    this.#batches.add(1, tenant);
    this.#inputs.add(inputs, tenant);
  }

  /** Counts what a quota refused; `quota` is the error's. */
  quotaRefused(tenant: string, quota: string): void {
    this.#refusals.add(1, tenant, quota);
  }

  /** Counts a request. */
  requestEnded({ method, route, status }: AnsweredRequest): void {
    const known = METHODS.has(method) ? method : 'other';
    const code = Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : 'other';
    this.#requests.add(1, known, route ?? 'none', code);
  }

  /** Takes over what an engine says of itself: before each `text`. */
  collect(stats: EngineStats): void {
    this.#engine.set(stats);
  }

  /** All metrics. Who asks while it is written gets the same text. */
  text(): Promise<string> {
    this.#text ??= this.#write().finally(() => {
      this.#text = undefined;
    });
    return this.#text;
  }

  async #write(): Promise<string> {
    return (await this.#registry.metrics()) + (await this.#calls.text());
  }

  #counter(name: string, help: string, labelNames: readonly string[]): LabelledCounter {
    return new LabelledCounter({ name, help, labelNames, registers: [this.#registry] });
  }
}

/** A counter that takes its labels' values cheaply, and bounds how many there are. */
class LabelledCounter {
  readonly #names: readonly string[];
  readonly #added = new Map<string, { readonly labels: Record<string, string>; count: number }>();

  constructor(config: CounterConfiguration<string> & { readonly labelNames: readonly string[] }) {
    this.#names = config.labelNames;
    const added = this.#added;
    new Counter({
      ...config,
      collect() {
        for (const one of added.values()) {
          if (one.count > 0) this.inc(one.labels, one.count);
          one.count = 0;
        }
      },
    });
  }

  add(count: number, ...values: readonly string[]): void {
    const one = this.#added.get(values.join('\0')) ?? this.#make(values);
    one.count += count;
  }

  #make(values: readonly string[]): { count: number } {
    const kept = this.#added.size < MOST_LABELS ? values : this.#names.map(() => 'other');
    const key = kept.join('\0');
    let one = this.#added.get(key);
    if (one === undefined) {
      one = { labels: Object.fromEntries(this.#names.map((name, at) => [name, kept[at] ?? ''])), count: 0 };
      this.#added.set(key, one);
    }
    return one;
  }
}
