/**
 * What is counted of calls, by tenant and function. prom-client's own metrics would cost each call some
 * microseconds, and a scrape of a thousand functions would hold the event loop up for a tenth of a second: these are
 * arrays of numbers, written as text in slices.
 */
import { ERROR_CODES, type ErrorCode, isGuestCode } from '../../base/errors.js';
import { Pacer } from '../../base/numbers.js';
import { Tally } from './tally.js';

/** A call that has ended. */
export interface EndedCall {
  readonly tenant: string;
  readonly function: string;
  /** Of the error with which it ended; absent when it answered. */
  readonly code?: string | undefined;
  /** Microseconds from its arrival to its end. */
  readonly durationUs: number;
  /** Microseconds until a worker began with it; absent when none did. */
  readonly queueUs?: number | undefined;
  /** Pages that were put back before it; absent when it never ran. */
  readonly dirtyPages?: number | undefined;
}

const US_PER_SECOND = 1e6;
/** 20 us to 10 s. */
const US_BOUNDS = [
  20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2.5e4, 5e4, 1e5, 2.5e5, 5e5, 1e6, 2.5e6, 5e6, 1e7,
];
const PAGE_BOUNDS = [0, 1, 4, 16, 64, 256, 1024, 4096];
/** The function's name in the series of those that have none of their own. It is no usable name of a function. */
const OTHER = '(other)';
const MOST_OF_A_TENANT = 1000;
/** A function has some 40 lines. */
const MOST_OF_ALL = 5000;
/** Series that are written before the event loop has a turn: about a millisecond. */
const SLICE = 32;

/** Of one function, or of all others of a tenant. */
class CallSeries {
  readonly labels: string;
  readonly duration = new Tally(US_BOUNDS);
  readonly dirtyPages = new Tally(PAGE_BOUNDS);
  readonly #errors = new Map<ErrorCode, number>();
  #answered = 0;

  constructor(tenant: string, name: string) {
    this.labels = `tenant="${escapeLabel(tenant)}",function="${escapeLabel(name)}"`;
  }

  ended(code: string | undefined): void {
    if (code === undefined) {
      this.#answered += 1;
      return;
    }
    // The codes are a closed set, whoever threw.
    const known = Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'SNAPVM_INTERNAL';
    this.#errors.set(known, (this.#errors.get(known) ?? 0) + 1);
  }

  callsText(name: string): string {
    let [byFunction, byService] = [0, 0];
    for (const [code, count] of this.#errors) {
      if (isGuestCode(code)) byFunction += count;
      else byService += count;
    }
    const line = (outcome: string, count: number): string =>
      count === 0 ? '' : `${name}{${this.labels},outcome="${outcome}"} ${count}\n`;
    return line('ok', this.#answered) + line('function', byFunction) + line('service', byService);
  }

  errorsText(name: string): string {
    let text = '';
    for (const [code, count] of this.#errors) text += `${name}{${this.labels},code="${code}"} ${count}\n`;
    return text;
  }
}

/** Of one tenant. */
class TenantSeries {
  readonly labels: string;
  readonly functions = new Map<string, CallSeries>();
  readonly queue = new Tally(US_BOUNDS);
  readonly #tenant: string;
  #other: CallSeries | undefined;

  constructor(tenant: string) {
    this.labels = `tenant="${escapeLabel(tenant)}"`;
    this.#tenant = tenant;
  }

  add(name: string): CallSeries {
    const made = new CallSeries(this.#tenant, name);
    this.functions.set(name, made);
    return made;
  }

  /** Of the functions for which there was no room. */
  get other(): CallSeries {
    this.#other ??= new CallSeries(this.#tenant, OTHER);
    return this.#other;
  }

  *all(): Iterable<CallSeries> {
    yield* this.functions.values();
    if (this.#other !== undefined) yield this.#other;
  }
}

/** A family of metrics: its name, type and help, and what it has of each function or tenant. */
interface Family<Of> {
  readonly name: string;
  readonly type: 'counter' | 'histogram';
  readonly help: string;
  readonly text: (series: Of, name: string) => string;
}

const OF_FUNCTIONS: readonly Family<CallSeries>[] = [
  {
    name: 'snapvm_calls_total',
    type: 'counter',
    help: 'Calls that have ended: ok, or with an error of the function or of the service',
    text: (series, name) => series.callsText(name),
  },
  {
    name: 'snapvm_errors_total',
    type: 'counter',
    help: 'Calls that have ended with an error, by its code',
    text: (series, name) => series.errorsText(name),
  },
  {
    name: 'snapvm_duration_seconds',
    type: 'histogram',
    help: 'From the arrival of a call to its end',
    text: ({ duration, labels }, name) => duration.text(name, labels, US_PER_SECOND),
  },
  {
    name: 'snapvm_dirty_pages',
    type: 'histogram',
    help: 'Pages that were put back before a call',
    text: ({ dirtyPages, labels }, name) => dirtyPages.text(name, labels, 1),
  },
];

const OF_TENANTS: readonly Family<TenantSeries>[] = [
  {
    name: 'snapvm_queue_seconds',
    type: 'histogram',
    help: 'From a call to the moment a worker began with it',
    text: ({ queue, labels }, name) => queue.text(name, labels, US_PER_SECOND),
  },
];

/** Counts calls. */
export class CallTable {
  readonly #tenants = new Map<string, TenantSeries>();
  #functions = 0;

  ended({ tenant, function: name, code, durationUs, queueUs, dirtyPages }: EndedCall): void {
    const tenantSeries = this.#tenant(tenant);
    const series = tenantSeries.functions.get(name) ?? this.#add(tenantSeries, name);
    series.ended(code);
    series.duration.record(durationUs);
    if (queueUs !== undefined) tenantSeries.queue.record(queueUs);
    if (dirtyPages !== undefined) series.dirtyPages.record(dirtyPages);
  }

  /** Ends the series of a function that there is no more, which makes room for another. */
  forget(tenant: string, name: string): void {
    if (this.#tenants.get(tenant)?.functions.delete(name) === true) this.#functions -= 1;
  }

  /** All of it in Prometheus' text format. */
  async text(): Promise<string> {
    const pacer = new Pacer(SLICE);
    const functions = [...this.#tenants.values()].flatMap((tenant) => [...tenant.all()]);
    const parts: string[] = [];
    for (const family of OF_FUNCTIONS) await write(parts, family, functions, pacer);
    for (const family of OF_TENANTS) await write(parts, family, [...this.#tenants.values()], pacer);
    return parts.join('');
  }

  #tenant(tenant: string): TenantSeries {
    let series = this.#tenants.get(tenant);
    if (series === undefined) {
      series = new TenantSeries(tenant);
      this.#tenants.set(tenant, series);
    }
    return series;
  }

  #add(tenant: TenantSeries, name: string): CallSeries {
    if (tenant.functions.size >= MOST_OF_A_TENANT || this.#functions >= MOST_OF_ALL) return tenant.other;
    this.#functions += 1;
    return tenant.add(name);
  }
}

async function write<Of>(
  parts: string[],
  family: Family<Of>,
  all: readonly Of[],
  pacer: Pacer,
): Promise<void> {
  const { name, type, help, text } = family;
  parts.push(`\n# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
  for (const series of all) {
    parts.push(text(series, name));
    if (pacer.spend(1)) await pacer.turn();
  }
}

/** As Prometheus' text format wants the value of a label. */
function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
