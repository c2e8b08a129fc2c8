/** Looks at a server again and again: how many calls its functions have had, and how many that is a second. */
import { SnapvmClient } from '../client/client.js';
import { SnapvmRequestError } from '../client/errors.js';
import { type ClientOptions, jsonOf, Transport } from '../client/transport.js';
import type { CallCounters, FunctionSummary } from '../client/types.js';
import { pause } from '../client/waiting.js';

/** What one function does. */
export interface FunctionRates {
  readonly name: string;
  readonly kind?: string | undefined;
  /** The versions that calls run, by number, and the hash of the first of them. */
  readonly revisions: readonly number[];
  readonly version?: string | undefined;
  /** `undefined` until it was seen twice. */
  readonly callsPerSecond?: number | undefined;
  readonly errorsPerSecond?: number | undefined;
  /** Since the server started. */
  readonly calls: number;
  readonly errors: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** What a look has shown. */
export interface Look {
  readonly url: string;
  readonly isReady: boolean;
  /** In a word. */
  readonly status: string;
  /** Busiest first. */
  readonly functions: readonly FunctionRates[];
  /** Whether there are functions beyond those that are looked at. */
  readonly hasMore: boolean;
}

/** A look that did not succeed; the next one may. */
export interface Missed {
  readonly url: string;
  readonly error: SnapvmRequestError;
}

/** A page has to be small: the server adds up while nothing else of it runs. */
const PAGE = 250;
const MOST_FUNCTIONS = 10_000;
const PATIENCE_MS = 5000;

interface Page {
  readonly functions: readonly (FunctionSummary & { readonly counters?: CallCounters })[];
  readonly next?: string;
}

/** Counters as they were. */
interface Reading {
  readonly calls: number;
  readonly errors: number;
}

/**
 * A look at once, and one after each interval. The first one, and the first after one that was missed, have no rates.
 * @param signal Ends it.
 * @throws SnapvmRequestError when the first look does not succeed, or it would not another time
 */
export async function* looks(
  options: ClientOptions,
  intervalMs: number,
  signal: AbortSignal,
): AsyncGenerator<Look | Missed, void, undefined> {
  const watched = new Watched(options);
  yield await watched.look(signal);
  for (;;) {
    await pause(intervalMs, signal);
    let seen: Look | Missed;
    try {
      seen = await watched.look(signal);
    } catch (error) {
      if (!isPassing(error)) throw error;
      watched.forget();
      seen = { url: watched.url, error };
    }
    yield seen;
  }
}

class Watched {
  readonly #client: SnapvmClient;
  readonly #transport: Transport;
  #before = new Map<string, Reading>();
  #beforeMs = 0;

  constructor(options: ClientOptions) {
    this.#client = new SnapvmClient(options);
    this.#transport = new Transport(options);
  }

  get url(): string {
    return this.#client.url;
  }

  forget(): void {
    this.#before.clear();
  }

  async look(ended: AbortSignal): Promise<Look> {
    const late = AbortSignal.timeout(PATIENCE_MS);
    const signal = AbortSignal.any([ended, late]);
    try {
      const { ready, status } = await this.#client.health({ signal });
      return { url: this.url, isReady: ready, status, ...(await this.#functions(signal)) };
    } catch (error) {
      if (!late.aborted || ended.aborted) throw error;
      const message = `no answer from ${this.url} within ${PATIENCE_MS} ms`;
      throw new SnapvmRequestError('SNAPVM_CLIENT_UNREACHABLE', message);
    }
  }

  async #functions(signal: AbortSignal): Promise<Pick<Look, 'functions' | 'hasMore'>> {
    const ms = performance.now();
    const seconds = (ms - this.#beforeMs) / 1000;
    const readings = new Map<string, Reading>();
    const functions: FunctionRates[] = [];
    let after: string | undefined;
    do {
      const query = { limit: PAGE, counters: true, after };
      const answer = await this.#transport.send({ method: 'GET', path: ['v1', 'functions'], query, signal });
      const page = jsonOf(answer) as Page;
      for (const one of page.functions) {
        const rates = ratesOf(one, this.#before.get(one.name), seconds);
        readings.set(one.name, rates);
        functions.push(rates);
      }
      after = page.next;
    } while (after !== undefined && functions.length < MOST_FUNCTIONS);
    this.#before = readings;
    this.#beforeMs = ms;
    functions.sort((a, b) => (b.callsPerSecond ?? 0) - (a.callsPerSecond ?? 0) || (a.name < b.name ? -1 : 1));
    return { functions, hasMore: after !== undefined };
  }
}

/** A server that began again counts from 0: that is no negative rate. */
function ratesOf(
  { name, kind, live = [], counters }: Page['functions'][number],
  before: Reading | undefined,
  seconds: number,
): FunctionRates {
  const { calls = 0, p50Us = 0, p99Us = 0 } = counters ?? {};
  const errors = Object.values(counters?.errors ?? {}).reduce((sum, count) => sum + count, 0);
  const rate = (now: number, then: number): number => Math.max(0, now - then) / seconds;
  return {
    name,
    kind,
    revisions: live.map(({ revision }) => revision),
    version: live[0]?.version,
    callsPerSecond: before === undefined ? undefined : rate(calls, before.calls),
    errorsPerSecond: before === undefined ? undefined : rate(errors, before.errors),
    calls,
    errors,
    p50Us,
    p99Us,
  };
}

/** Whether the server may be there again another time. */
function isPassing(error: unknown): error is SnapvmRequestError {
  if (!(error instanceof SnapvmRequestError)) return false;
  return error.status === undefined || error.status === 429 || error.status >= 500;
}
