/** Servers for tests, and what their clients send and see. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { createServer, type ServerOptions, type SnapvmServer } from '../../src/server/index.js';

/** An answer, whose body is text and, if it is JSON, a value. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly bytes: Uint8Array;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
  readonly json: any;
}

/** What is sent. */
export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | FormData;
  readonly signal?: AbortSignal;
}

/** A directory that is gone when the test has ended. */
export function freshDirectory(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'snapvm-server-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A server on a port of its own, which is closed when the test ends. */
export async function startServer(t: ExecutionContext, options: ServerOptions = {}): Promise<SnapvmServer> {
  const directory = options.directory ?? freshDirectory(t);
  const server = await createServer({
    port: 0,
    logger: false,
    engine: { workers: 1 },
    ...options,
    directory,
  });
  t.teardown(() => server.close());
  return server;
}

export async function send(
  { url }: { readonly url: string },
  method: string,
  path: string,
  { headers = {}, body, signal }: Sent = {},
): Promise<Seen> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body }),
    ...(signal !== undefined && { signal }),
  });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const text = Buffer.from(bytes).toString();
  const isJson = /[/+]json/.test(answer.headers.get('content-type') ?? '');
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    bytes,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

/** A source in JavaScript, deployed; patient, since many engines run at once here. */
export async function deployJs(
  server: { readonly url: string },
  name: string,
  source: string,
): Promise<Seen> {
  const headers = { 'content-type': 'application/javascript' };
  return await send(server, 'PUT', `/v1/functions/${name}?timeoutMs=60000`, { headers, body: source });
}

export async function callJs(
  server: { readonly url: string },
  name: string,
  input: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Seen> {
  return await send(server, 'POST', `/v1/functions/${name}`, {
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  });
}

/** Status and code of a problem, after a look at what all problems have. */
export function problemOf(t: ExecutionContext, { status, headers, json }: Seen): string {
  t.regex(headers.get('content-type') ?? '', /^application\/problem\+json/);
  t.is(json.status, status);
  t.is(json.type, `urn:snapvm:error:${json.code}`);
  t.is(json.instance, headers.get('x-request-id'));
  t.is(headers.get('snapvm-error'), status === 422 ? 'function' : 'service');
  t.true(json.title.length > 0 && json.detail.length > 0);
  return `${status} ${json.code}`;
}

/** A connection that sends what it is told, and what comes back on it. */
export class Connection {
  readonly socket: Socket;
  text = '';
  #seen: () => void = () => {};

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect(Number(port), hostname);
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk: string) => {
      this.text += chunk;
      this.#seen();
    });
    this.socket.on('close', () => this.#seen());
    this.socket.on('error', () => {}); // the server may close it at any time
  }

  write(data: string | Uint8Array): void {
    this.socket.write(data);
  }

  /** Resolves with all that has come, when it matches or the server has closed the connection. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.text) && !this.socket.closed) {
      await new Promise<void>((resolve) => {
        this.#seen = resolve;
      });
    }
    return this.text;
  }

  /** Resolves with all that has come when the server has closed the connection. */
  closed(): Promise<string> {
    return this.until(/(?!)/);
  }

  destroy(): void {
    this.socket.destroy();
  }
}

/** Sends bytes on a connection of its own, and gives what the server says first. */
export async function exchange(
  t: ExecutionContext,
  { url }: { readonly url: string },
  data: string,
): Promise<string> {
  const connection = new Connection(url);
  t.teardown(() => connection.destroy());
  connection.write(data);
  const text = await connection.until(/\r\n\r\n.*\}/s);
  connection.destroy();
  return text;
}
