/** A client of the server that knows what it must be answered. */
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import type { Tally } from '../tally.js';
import type { Life, ServerProcess } from './server-process.js';
import { type Tenant, tokenOf } from './tenants.js';

/** A request. */
export interface Asked {
  readonly tenant?: Tenant;
  /** In place of the tenant's; '': none. */
  readonly token?: string;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What an answer may be: a status, and after a space the code of a problem: `422 SNAPVM_JS_ERROR`. */
export type Wants = readonly string[];

/** How a request went that the server's end cut off. */
export const LOST = 'lost with the server';
const PATIENCE_MS = 300_000;

export class Visitor {
  readonly server: ServerProcess;
  readonly tally: Tally;

  constructor(server: ServerProcess, tally: Tally) {
    this.server = server;
    this.tally = tally;
  }

  /**
   * Asks, counts how it went, and says so if that is none of `wants`, or if it is not right. Nothing when there is no
   * answer.
   */
  async ask(
    kind: string,
    asked: Asked,
    wants: Wants,
    isRight: (answer: Answer) => boolean = () => true,
  ): Promise<Answer | undefined> {
    const life = await this.server.up();
    let answer: Answer;
    try {
      answer = await exchange(life, asked);
    } catch (error) {
      this.failed(kind, life, error);
      return undefined;
    }
    const outcome = outcomeOf(answer);
    this.tally.ended(kind, outcome);
    if (!wants.includes(outcome)) this.#surprise(kind, asked, answer, `answered ${outcome}`);
    else if (!isRight(answer)) this.#surprise(kind, asked, answer, 'answered something else');
    return answer;
  }

  /** Counts a request without an answer: only a server that was ended may leave one. */
  failed(kind: string, life: Life, error: unknown): void {
    if (life.isOver) {
      this.tally.ended(kind, LOST);
      return;
    }
    const { code, message } = error as NodeJS.ErrnoException;
    this.tally.ended(kind, code ?? 'no answer');
    this.tally.surprise(`${kind}: no answer: ${message}`);
  }

  #surprise(kind: string, { method = 'POST', path }: Asked, { body }: Answer, what: string): void {
    this.tally.surprise(`${kind}: ${method} ${path} ${what}\n${body.subarray(0, 600).toString('latin1')}`);
  }
}

/** The status, and the code of a problem. */
export function outcomeOf({ status, headers, body }: Pick<Answer, 'status' | 'headers' | 'body'>): string {
  if (headers['content-type']?.startsWith('application/problem+json') !== true) return String(status);
  const { code } = JSON.parse(body.toString()) as { readonly code: string };
  return `${status} ${code}`;
}

export function json(answer: Answer): unknown {
  return JSON.parse(answer.body.toString());
}

/** Sends a request; resolves with the head of its answer. */
export function begin(life: Life, asked: Asked): Promise<IncomingMessage> {
  const { tenant = 'steady', method = 'POST', path, headers = {}, body } = asked;
  const { token = tokenOf(tenant) } = asked;
  return new Promise((resolve, reject) => {
    const sent = request(
      `${life.url}${path}`,
      {
        agent: life.agent,
        method,
        headers: {
          ...(token !== '' && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
        signal: AbortSignal.timeout(PATIENCE_MS),
      },
      resolve,
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Asks, and reads the answer to its end. */
export async function exchange(life: Life, asked: Asked): Promise<Answer> {
  const answer = await begin(life, asked);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
}

/** The rest of an answer. */
export async function restOf(answer: IncomingMessage): Promise<string> {
  return await textOf(answer);
}
