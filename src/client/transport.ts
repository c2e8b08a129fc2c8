/** Sends requests and reads answers, of a bounded length. */
import { optionError, type Problem, problemError, SnapvmRequestError } from './errors.js';

/** `fetch`, or what takes its place. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a client is made. */
export interface ClientOptions {
  /** Where the server is; a path in it stands before every path. @default SNAPVM_URL, or http://127.0.0.1:8080 */
  readonly url?: string | URL | undefined;
  /** The token to show. @default SNAPVM_TOKEN, or none */
  readonly token?: string | undefined;
  /** What sends requests: a test's own, or one with a proxy. @default the global `fetch` */
  readonly fetch?: Fetch | undefined;
  /** The longest answer that is read, in bytes; a longer one fails. @default 256 MiB */
  readonly maxAnswerBytes?: number | undefined;
}

/** A request, below the server's address. */
export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Its path's parts, not yet encoded: `['v1', 'functions', name]`. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Uint8Array | FormData | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Statuses that are answers too, beside 2xx. */
  readonly accepted?: readonly number[];
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** An answer whose body is read as it comes. */
export interface OpenAnswer {
  readonly status: number;
  /** Its type, without parameters. */
  readonly media: string;
  /** Once. Whoever leaves it ends the request. */
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';
const DEFAULT_ANSWER_BYTES = 256 * 2 ** 20;
/** Of visible ASCII, as a header may have it. */
const TOKEN = /^[\x21-\x7e]+$/;

export class Transport {
  /** Where the server is, without a slash at its end. */
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: Fetch;
  readonly #maxAnswerBytes: number;

  /** @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
  constructor({ url, token, fetch, maxAnswerBytes = DEFAULT_ANSWER_BYTES }: ClientOptions) {
    this.url = checkUrl(url ?? (process.env['SNAPVM_URL'] || DEFAULT_URL));
    const shown = token ?? (process.env['SNAPVM_TOKEN'] || undefined);
    // Not quoted: it is a secret.
    if (shown !== undefined && !TOKEN.test(shown))
      throw new SnapvmRequestError(
        'SNAPVM_CLIENT_OPTION',
        'token has characters that no token has; it must be visible ASCII, without spaces and line ends',
      );
    this.#headers = shown === undefined ? {} : { authorization: `Bearer ${shown}` };
    // Looked up for each request, so that a test may replace it.
    this.#fetch = fetch ?? ((to, init) => globalThis.fetch(to, init));
    if (!Number.isSafeInteger(maxAnswerBytes) || maxAnswerBytes < 0)
      throw optionError('maxAnswerBytes', maxAnswerBytes, 'a whole number of bytes');
    this.#maxAnswerBytes = maxAnswerBytes;
  }

  /** Sends a request. @throws SnapvmRequestError, and the reason of the request's signal */
  async send(request: ApiRequest): Promise<Answer> {
    const response = await this.#ask(request);
    return await this.#readAll(response, request.signal);
  }

  /**
   * Sends a request whose answer has no end that is known. Its length is not bounded: what reads it is.
   * @throws SnapvmRequestError, and the reason of the request's signal; so does reading it
   */
  async open(request: ApiRequest): Promise<OpenAnswer> {
    const response = await this.#ask(request);
    const { status, headers } = response;
    return { status, media: mediaOf({ headers }), chunks: this.#chunksOf(response, request.signal) };
  }

  /** The longest answer that is read, in bytes. */
  get maxAnswerBytes(): number {
    return this.#maxAnswerBytes;
  }

  async #ask(request: ApiRequest): Promise<Response> {
    const { method, headers = {}, body, signal, accepted = [] } = request;
    const url = this.#urlOf(request);
    const init: RequestInit = {
      method,
      headers: withoutUndefined({ accept: 'application/json', ...this.#headers, ...headers }),
      // Who answers for the server would get what was meant for it.
      redirect: 'manual',
      ...(body !== undefined && { body }),
      ...(signal !== undefined && { signal }),
    };
    let response: Response;
    try {
      response = await this.#fetch(url, init);
    } catch (cause) {
      throw this.#broken(cause, signal);
    }
    if (response.ok || accepted.includes(response.status)) return response;
    throw errorOf(await this.#readAll(response, signal), this.url);
  }

  async #readAll(response: Response, signal: AbortSignal | undefined): Promise<Answer> {
    const { status, headers } = response;
    const limit = this.#maxAnswerBytes;
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of this.#chunksOf(response, signal)) {
      length += chunk.length;
      if (length > limit) {
        const message = `the answer has more than ${limit} bytes; raise maxAnswerBytes`;
        throw new SnapvmRequestError('SNAPVM_CLIENT_ANSWER', message, { status });
      }
      parts.push(chunk);
    }
    return { status, headers, bytes: joined(parts, length) };
  }

  async *#chunksOf(
    response: Response,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = response.body?.getReader();
    if (reader === undefined) return;
    try {
      for (;;) {
        const step = await reader.read().catch((cause: unknown) => {
          throw this.#broken(cause, signal);
        });
        if (step.done) return;
        yield step.value;
      }
    } finally {
      await reader.cancel().catch(() => {}); // which says again what it broke off with
    }
  }

  /** What a request is answered with that the system, or its signal, broke off. */
  #broken(cause: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason;
    const message = `no answer from ${this.url}: ${reasonOf(cause)}`;
    return new SnapvmRequestError('SNAPVM_CLIENT_UNREACHABLE', message, { cause });
  }

  #urlOf({ path, query = {} }: ApiRequest): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) search.append(name, String(value));
    const text = search.size === 0 ? '' : `?${search}`;
    return `${this.url}/${path.map(encodeURIComponent).join('/')}${text}`;
  }
}

/** What a path has a part for. URLs know no empty ones, and `.` and `..` are others. */
export function checkPart(option: string, value: string): string {
  if (typeof value === 'string' && !/^\.{0,2}$/.test(value)) return value;
  throw optionError(option, value, 'a name');
}

function checkUrl(given: string | URL): string {
  const url = URL.canParse(String(given)) ? new URL(given) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw optionError('url', String(given), `an http: or https: URL, such as ${DEFAULT_URL}`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new SnapvmRequestError(
      'SNAPVM_CLIENT_OPTION',
      'url has a user, a query or a fragment; it must have none (a token is given as token)',
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function withoutUndefined(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return Object.fromEntries(given);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The value of a JSON answer. @throws SnapvmRequestError `SNAPVM_CLIENT_ANSWER` */
export function jsonOf({ bytes, status }: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    const message = `the answer with status ${status} is no JSON; is it snapvm that answers there?`;
    throw new SnapvmRequestError('SNAPVM_CLIENT_ANSWER', message, { status, cause });
  }
}

/** The type of a body, without its parameters. */
export function mediaOf({ headers }: Pick<Answer, 'headers'>): string {
  return (headers.get('content-type') ?? '').replace(/;.*$/s, '').trim().toLowerCase();
}

function errorOf(answer: Answer, url: string): SnapvmRequestError {
  const { status, headers } = answer;
  const retryAfterSeconds = secondsIn(headers.get('retry-after'));
  const problem = mediaOf(answer) === 'application/problem+json' ? problemIn(answer) : undefined;
  if (problem === undefined) {
    const message = `${url} answered with status ${status}, and not as snapvm does; is it a proxy or another server?`;
    return new SnapvmRequestError('SNAPVM_CLIENT_ANSWER', message, { status, retryAfterSeconds });
  }
  const isFunctionError = headers.get('snapvm-error') === 'function';
  return problemError(problem, { status, isFunctionError, retryAfterSeconds });
}

function problemIn(answer: Answer): Problem | undefined {
  const found = jsonOf(answer);
  return typeof found === 'object' && found !== null ? (found as Problem) : undefined;
}

function secondsIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** `fetch` says little itself: its cause has the system's error. */
function reasonOf(error: unknown): string {
  const { cause = error }: { cause?: unknown } = Object(error);
  const { code, message, errors }: { code?: unknown; message?: unknown; errors?: unknown } = Object(cause);
  if (typeof code === 'string') return code;
  if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0]);
  return typeof message === 'string' && message !== '' ? message : String(cause);
}
