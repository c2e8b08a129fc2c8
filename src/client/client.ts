/** The client: deploys functions, calls them, and says what there is. */
import { Cancellable } from './cancellable.js';
import { optionError } from './errors.js';
import { type Page, Pages } from './pages.js';
import { aliasPath, callPath, callRequest, checkCount, FUNCTIONS, functionPath } from './requests.js';
import { deploymentOf } from './source.js';
import { answerLines, EVENTS_TYPE, LINES_TYPE, logLines, programEvents } from './streams.js';
import { type Answer, type ApiRequest, type ClientOptions, jsonOf, Transport } from './transport.js';
import type {
  AsyncCall,
  BatchAnswer,
  BatchStreamOptions,
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
  LogLine,
  LogOptions,
  MemoryMap,
  MemoryOptions,
  ProgramEvent,
  QueuedCall,
  RequestOptions,
  VersionName,
  WaitOptions,
} from './types.js';
import { asyncCall, type Body, batchAnswers, batchBody, bodyOf, infoOf, stdinOf } from './values.js';
import { DeadlineGuard, pause } from './waiting.js';

const FIRST_PAUSE_MS = 20;
const MOST_PAUSE_MS = 1000;
const MOST_PAGE = 1000;
const MOST_BATCH = 10_000;
const MOST_LINES = 200;
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

  /**
   * Calls a function once for each input, of which there may be any number: they are sent in batches, one after the
   * other, and the next one is taken from `inputs` when the answers before it were read. A batch is sent when it is full
   * or has 4 MiB, or when an asynchronous source has nothing more at once. The answers are in the order of the inputs;
   * inputs and answers are those of `batch`. `deadlineMs` counts for each batch, and each runs the version that the alias
   * stands for when it arrives.
   */
  batchStream<Result = unknown>(
    name: string,
    inputs: Iterable<unknown> | AsyncIterable<unknown>,
    options: BatchStreamOptions = {},
  ): AsyncIterableIterator<BatchAnswer<Result>, void, undefined> {
    return new Cancellable(options.signal, (signal) =>
      this.#batches(name, inputs, { ...options, signal }),
    ) as AsyncIterableIterator<BatchAnswer<Result>, void, undefined>;
  }

  /**
   * Calls a Linux program; its output comes while it runs. `input` is its standard input, a text as UTF-8. The program
   * waits while nobody takes what it wrote. The call begins with the loop, and leaving the loop ends it. What it fails
   * with is thrown by the loop, after the output before that.
   */
  stream(
    name: string,
    input?: string | Uint8Array,
    options: CallOptions = {},
  ): AsyncIterableIterator<ProgramEvent, void, undefined> {
    return new Cancellable(options.signal, (signal) => this.#output(name, input, { ...options, signal }));
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
    counters,
    signal,
  }: ListOptions = {}): AsyncGenerator<FunctionSummary, void, undefined> {
    checkCount('pageSize', pageSize, 1, MOST_PAGE);
    let after: string | undefined;
    do {
      const query = { limit: pageSize, after, counters };
      const page = jsonOf(
        await this.#send({ method: 'GET', path: FUNCTIONS, query, signal }),
      ) as FunctionPage;
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

  /**
   * The lines that a function wrote, oldest first: the last ones, and with `follow` those that come, until the loop is
   * left, the function is removed or the server ends. The request is sent with the loop, and ends with it. Who follows
   * and takes them too slowly gets `SNAPVM_CLIENT_DROPPED`.
   */
  logs(name: string, options: LogOptions = {}): AsyncIterableIterator<LogLine, void, undefined> {
    return new Cancellable(options.signal, (signal) => this.#lines(name, { ...options, signal }));
  }

  /** The memory that every call of a version starts from. */
  async memory(name: string, { alias, version, signal }: MemoryOptions = {}): Promise<MemoryMap> {
    const path = [...functionPath(name), 'memory'];
    const query = { alias, version };
    return jsonOf(await this.#send({ method: 'GET', path, query, signal })) as MemoryMap;
  }

  /** Whether the server takes requests. A server that does not answer is an error. */
  async health({ signal }: RequestOptions = {}): Promise<Health> {
    const answer = await this.#send({ method: 'GET', path: ['readyz'], signal, accepted: [503] });
    return { ...(jsonOf(answer) as Omit<Health, 'ready'>), ready: answer.status === 200 };
  }

  async #call(path: readonly string[], body: Body | undefined, options: CallOptions): Promise<Answer> {
    const guard = new DeadlineGuard(options.deadlineMs, options.signal);
    try {
      return await this.#send(callRequest(path, body, { ...options, signal: guard.signal }));
    } finally {
      guard.end();
    }
  }

  async *#output(
    name: string,
    input: string | Uint8Array | undefined,
    options: CallOptions,
  ): AsyncGenerator<ProgramEvent, void, undefined> {
    const guard = new DeadlineGuard(options.deadlineMs, options.signal);
    try {
      const request = callRequest(functionPath(name), stdinOf(input), { ...options, signal: guard.signal });
      yield* programEvents(await this.#transport.open(asking(request, EVENTS_TYPE, { stream: true })));
    } finally {
      guard.end();
    }
  }

  async *#batches(
    name: string,
    inputs: Iterable<unknown> | AsyncIterable<unknown>,
    { pageSize = 1000, ...options }: BatchStreamOptions & { readonly signal: AbortSignal },
  ): AsyncGenerator<BatchAnswer<unknown>, void, undefined> {
    const path = [...functionPath(name), 'batch'];
    const pages = new Pages(inputs, checkCount('pageSize', pageSize, 1, MOST_BATCH));
    try {
      for (;;) {
        const page = await pages.take(options.signal);
        if (page === undefined) return;
        yield* this.#batch(path, page, options);
      }
    } finally {
      await pages.leave();
    }
  }

  async *#batch(
    path: readonly string[],
    page: Page,
    options: CallOptions,
  ): AsyncGenerator<BatchAnswer<unknown>, void, undefined> {
    const guard = new DeadlineGuard(options.deadlineMs, options.signal);
    try {
      const body = { type: LINES_TYPE, content: page.lines };
      const request = callRequest(path, body, { ...options, signal: guard.signal });
      const answer = await this.#transport.open(asking(request, LINES_TYPE));
      guard.end(); // it has answered: how fast that is read is for the caller to say
      yield* answerLines(answer, page.inputs, this.#transport.maxAnswerBytes);
    } finally {
      guard.end();
    }
  }

  async *#lines(
    name: string,
    { follow = false, limit, signal }: LogOptions,
  ): AsyncGenerator<LogLine, void, undefined> {
    if (limit !== undefined) checkCount('limit', limit, 0, MOST_LINES);
    const path = [...functionPath(name), 'logs'];
    const request: ApiRequest = { method: 'GET', path, query: { limit }, signal };
    if (follow) yield* logLines(await this.#transport.open(asking(request, EVENTS_TYPE, { follow })));
    else yield* (jsonOf(await this.#send(request)) as { readonly lines: readonly LogLine[] }).lines;
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

interface FunctionPage {
  readonly functions: readonly FunctionSummary[];
  readonly next?: string;
}

/** A request for an answer of this type, with more in its query. */
function asking(request: ApiRequest, accept: string, query: ApiRequest['query'] = {}): ApiRequest {
  return {
    ...request,
    query: { ...request.query, ...query },
    headers: { ...request.headers, accept },
  };
}
