/** The client: deploys functions, calls them, and says what there is. */
import { optionError } from './errors.js';
import { deploymentOf } from './source.js';
import {
  type Answer,
  type ApiRequest,
  type ClientOptions,
  checkPart,
  jsonOf,
  Transport,
} from './transport.js';
import type {
  AsyncCall,
  BatchAnswer,
  CallInfo,
  CallOptions,
  CallState,
  CallTarget,
  Deployed,
  DeployOptions,
  FunctionInfo,
  FunctionSource,
  FunctionSummary,
  Health,
  ListOptions,
  QueuedCall,
  RequestOptions,
  VersionName,
  WaitOptions,
} from './types.js';
import { asyncCall, type Body, batchAnswers, batchBody, bodyOf, headerList, infoOf } from './values.js';
import { DeadlineGuard, pause } from './waiting.js';

const FUNCTIONS = ['v1', 'functions'];
const CALLS = ['v1', 'calls'];
const FIRST_PAUSE_MS = 20;
const MOST_PAUSE_MS = 1000;
const MOST_PAGE = 1000;
/** What a header says has at most three decimals. */
const LEAST_MS = 0.001;
const ENDED: ReadonlySet<CallState> = new Set(['succeeded', 'failed', 'cancelled', 'lost']);

/**
 * Talks to a `snapvm serve`. Nothing is sent twice: a request that fails may have had its effect. All methods reject
 * with a `SnapvmRequestError`, or with the reason of a signal that ended them. Node's own `fetch` gives up on an answer
 * that does not begin within 300 s: `callAsync` is for calls that take longer.
 */
export class SnapvmClient {
  readonly #transport: Transport;

  /** @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
  constructor(options: ClientOptions = {}) {
    this.#transport = new Transport(options);
  }

  /** Where the server is. */
  get url(): string {
    return this.#transport.url;
  }

  /** Deploys a function: makes a version of it, and calls go to that from now on. */
  async deploy(name: string, source: FunctionSource, options: DeployOptions = {}): Promise<Deployed> {
    const { body, type } = deploymentOf(source, options);
    const { activate, signal } = options;
    return jsonOf(
      await this.#send({
        method: 'PUT',
        path: functionPath(name),
        query: { activate },
        headers: { 'content-type': type },
        body,
        signal,
      }),
    ) as Deployed;
  }

  /**
   * Calls a function. The input is a value of JSON, or a Uint8Array for bytes; so is the answer. `undefined` is no input,
   * or no answer. A Linux program answers a `ProgramResult`.
   */
  async call<Result = unknown>(name: string, input?: unknown, options: CallOptions = {}): Promise<Result> {
    return (await this.callWithInfo<Result>(name, input, options)).result;
  }

  /** Calls a function; the answer comes with what the server says of the call. */
  async callWithInfo<Result = unknown>(
    name: string,
    input?: unknown,
    options: CallOptions = {},
  ): Promise<CallInfo<Result>> {
    const answer = await this.#call(functionPath(name), bodyOf(input), options);
    return infoOf(answer) as CallInfo<Result>;
  }

  /**
   * Calls a function once for each input, at most 10,000; the answers are in the order of the inputs. JavaScript
   * functions take values of JSON; native functions and Linux programs take texts and bytes (Uint8Array). Answers of bytes
   * are `{ base64 }`.
   */
  async batch<Result = unknown>(
    name: string,
    inputs: readonly unknown[],
    options: CallOptions = {},
  ): Promise<BatchAnswer<Result>[]> {
    const answer = await this.#call([...functionPath(name), 'batch'], batchBody(inputs), options);
    return batchAnswers(answer) as BatchAnswer<Result>[];
  }

  /** Has the server call a function without waiting for it. The answer is kept there: `waitForCall`, `getCall`. */
  async callAsync(
    name: string,
    input?: unknown,
    options: CallTarget & RequestOptions = {},
  ): Promise<QueuedCall> {
    const answer = await this.#call([...functionPath(name), 'async'], bodyOf(input), options);
    return jsonOf(answer) as QueuedCall;
  }

  /** Where an asynchronous call is, with its result or its error if it has ended. */
  async getCall<Result = unknown>(id: string, { signal }: RequestOptions = {}): Promise<AsyncCall<Result>> {
    const path = callPath(id);
    return asyncCall(await this.#send({ method: 'GET', path, signal })) as AsyncCall<Result>;
  }

  /** Waits until an asynchronous call has ended, however: `state` says it. `signal` ends the waiting alone. */
  async waitForCall<Result = unknown>(id: string, options: WaitOptions = {}): Promise<AsyncCall<Result>> {
    const { signal, pollMs = MOST_PAUSE_MS } = options;
    if (!(pollMs > 0)) throw optionError('pollMs', pollMs, 'a number of milliseconds above 0');
    for (let ms = FIRST_PAUSE_MS; ; ms *= 1.5) {
      const call = await this.getCall<Result>(id, { signal });
      if (ENDED.has(call.state)) return call;
      await pause(Math.min(ms, pollMs), signal);
    }
  }

  /** Cancels an asynchronous call; one that has ended stays as it is. */
  async cancelCall(id: string, { signal }: RequestOptions = {}): Promise<AsyncCall> {
    return asyncCall(await this.#send({ method: 'DELETE', path: callPath(id), signal }));
  }

  /** The functions there are, sorted by name; asks for a page when it is needed. */
  async *list({
    pageSize = 100,
    signal,
  }: ListOptions = {}): AsyncGenerator<FunctionSummary, void, undefined> {
    if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MOST_PAGE)
      throw optionError('pageSize', pageSize, `a whole number from 1 to ${MOST_PAGE}`);
    let after: string | undefined;
    do {
      const query = { limit: pageSize, after };
      const page = jsonOf(await this.#send({ method: 'GET', path: FUNCTIONS, query, signal })) as Page;
      yield* page.functions;
      after = page.next;
    } while (after !== undefined);
  }

  /** A function, with its versions and aliases. */
  async get(name: string, { signal }: RequestOptions = {}): Promise<FunctionInfo> {
    return await this.#info({ method: 'GET', path: functionPath(name), signal });
  }

  /** Removes a function with all its versions; calls on their way end. */
  async remove(name: string, { signal }: RequestOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: functionPath(name), signal });
  }

  /** Points an alias at a version; `live` is what calls run that name none. */
  async setAlias(
    name: string,
    alias: string,
    version: VersionName,
    { signal }: RequestOptions = {},
  ): Promise<FunctionInfo> {
    return await this.#putAlias(name, alias, { version: String(version) }, signal);
  }

  /** Splits an alias between two versions. Weights are whole percentages, 1 to 99, and 100 together. */
  async split(
    name: string,
    alias: string,
    shares: readonly { readonly version: VersionName; readonly weight: number }[],
    { signal }: RequestOptions = {},
  ): Promise<FunctionInfo> {
    const split = shares.map(({ version, weight }) => ({ version: String(version), weight }));
    return await this.#putAlias(name, alias, { split }, signal);
  }

  /** Removes an alias. There is always a `live`. */
  async removeAlias(name: string, alias: string, { signal }: RequestOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: aliasPath(name, alias), signal });
  }

  /** Points `live` at what it stood for before its last change; twice goes back twice. */
  async rollback(name: string, { signal }: RequestOptions = {}): Promise<FunctionInfo> {
    return await this.#info({ method: 'POST', path: [...functionPath(name), 'rollback'], signal });
  }

  /** Whether the server takes requests. A server that does not answer is an error. */
  async health({ signal }: RequestOptions = {}): Promise<Health> {
    const answer = await this.#send({ method: 'GET', path: ['readyz'], signal, accepted: [503] });
    return { ...(jsonOf(answer) as Omit<Health, 'ready'>), ready: answer.status === 200 };
  }

  async #call(path: readonly string[], body: Body | undefined, options: CallOptions): Promise<Answer> {
    const { fn, alias, version, timeoutMs, deadlineMs, args, signal } = options;
    const guard = new DeadlineGuard(deadlineMs, signal);
    try {
      return await this.#send({
        method: 'POST',
        path,
        query: { alias, version },
        headers: {
          'content-type': body?.type,
          'snapvm-fn': fn === undefined ? undefined : headerName('fn', fn),
          'snapvm-timeout-ms': headerMs('timeoutMs', timeoutMs),
          'snapvm-deadline-ms': headerMs('deadlineMs', deadlineMs),
          'snapvm-args': args === undefined ? undefined : headerList(args),
        },
        body: body?.content,
        signal: guard.signal,
      });
    } finally {
      guard.end();
    }
  }

  async #putAlias(
    name: string,
    alias: string,
    value: unknown,
    signal: AbortSignal | undefined,
  ): Promise<FunctionInfo> {
    return await this.#info({
      method: 'PUT',
      path: aliasPath(name, alias),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
      signal,
    });
  }

  async #info(request: ApiRequest): Promise<FunctionInfo> {
    return jsonOf(await this.#send(request)) as FunctionInfo;
  }

  async #send(request: ApiRequest): Promise<Answer> {
    return await this.#transport.send(request);
  }
}

interface Page {
  readonly functions: readonly FunctionSummary[];
  readonly next?: string;
}

function functionPath(name: string): readonly string[] {
  return [...FUNCTIONS, checkPart('name', name)];
}

function aliasPath(name: string, alias: string): readonly string[] {
  return [...functionPath(name), 'aliases', checkPart('alias', alias)];
}

function callPath(id: string): readonly string[] {
  return [...CALLS, checkPart('id', id)];
}

function headerMs(option: string, ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  if (Number.isFinite(ms) && ms > 0) return String(Math.max(LEAST_MS, Number(ms.toFixed(3))));
  throw optionError(option, ms, 'a number of milliseconds above 0');
}

/** A name as UTF-8, a byte a character, as headers have it. @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
function headerName(option: string, name: string): string {
  const isName = typeof name === 'string' && /^[^\s\p{Cc}]+$/u.test(name);
  if (isName) return String.fromCharCode(...new TextEncoder().encode(name));
  throw optionError(option, name, 'a name without spaces and control characters');
}
