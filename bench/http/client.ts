/** Servers that are measured, and load on them. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Skip } from '../harness/suite.js';
import { installPeers, requirePeer } from '../peers/install.js';

const SERVE = fileURLToPath(new URL('serve.js', import.meta.url));
/** guest/examples/echo.c */
const ECHO = fileURLToPath(new URL('../../guest/examples/echo.elf', import.meta.url));
const JS = 'export default (value) => value;';

/** What is sent to an echo. */
export interface Subject {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

const BYTES = { type: 'application/octet-stream', body: 'a'.repeat(64) };
const JSON_BODY = { type: 'application/json', body: '{"name":"Ada"}' };
export const NATIVE: Subject = { path: '/v1/functions/native', ...BYTES };
export const JAVASCRIPT: Subject = { path: '/v1/functions/js', ...JSON_BODY };

/** How autocannon is asked, and what of its result is read. */
interface Load {
  readonly connections: number;
  readonly duration: number;
  readonly overallRate?: number;
}
interface Instance extends PromiseLike<Result> {
  on(event: 'response', listener: (client: unknown, status: number, bytes: number, ms: number) => void): void;
}
interface Result {
  readonly requests: { readonly total: number };
  readonly duration: number;
  readonly errors: number;
  readonly statusCodeStats: Readonly<Record<string, { readonly count: number }>>;
}
type Autocannon = (options: Load & Readonly<Record<string, unknown>>) => Instance;

/** A server that runs until it is closed. */
export class Server {
  readonly #child: ChildProcess;
  readonly #url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.#url = url;
  }

  static async start(kind: 'bare' | 'snapvm', access?: object): Promise<Server> {
    const args = access === undefined ? [kind] : [kind, JSON.stringify(access)];
    const child = fork(SERVE, args, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const url = await Promise.race([
      once(child, 'message').then(([said]) => String(said)),
      once(child, 'exit').then(([code]) => {
        throw new Error(`the server ended with exit code ${code}`);
      }),
    ]);
    return new Server(child, url);
  }

  /** Puts the two echoes there. */
  async deploy(token?: string): Promise<void> {
    await this.#put(NATIVE.path, 'application/vnd.snapvm.native+elf', readFileSync(ECHO), token);
    await this.#put(JAVASCRIPT.path, 'application/javascript', JS, token);
  }

  async #put(path: string, type: string, body: Buffer | string, token: string | undefined): Promise<void> {
    const headers = { 'content-type': type, ...authorization(token) };
    const response = await fetch(this.#url + path, { method: 'PUT', headers, body });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  /** Calls for so long; gives milliseconds of each answer, and how many answers had each status. */
  async load(
    { path, type, body }: Subject,
    load: Load,
    token?: string,
  ): Promise<{
    readonly ms: Float64Array;
    readonly perSecond: number;
    readonly statuses: Map<number, number>;
  }> {
    const running = autocannon()({
      ...load,
      url: this.#url + path,
      method: 'POST',
      headers: { 'content-type': type, ...authorization(token) },
      body,
    });
    const ms: number[] = [];
    const statuses = new Map<number, number>();
    running.on('response', (_client, status, _bytes, took) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 200) ms.push(took);
    });
    const { requests, duration, errors } = await running;
    if (errors > 0) throw new Error(`${errors} requests had no answer`);
    return { ms: Float64Array.from(ms).sort(), perSecond: requests.total / duration, statuses };
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

/** A token, and the line of a configuration that lets it in. */
export function tokenOf(tenant: string): { readonly token: string; readonly entry: object } {
  const token = `svm_bench_${tenant}_${'0'.repeat(32)}`;
  const sha256 = createHash('sha256').update(token).digest('hex');
  return { token, entry: { name: tenant, tenant, roles: ['deploy'], sha256 } };
}

/** Installs what makes the load. */
export async function prepare(progress: (text: string) => void): Promise<void> {
  const installed = await installPeers(progress);
  if (!installed.ok) process.stderr.write(`http: ${installed.reason}\n`);
}

function autocannon(): Autocannon {
  try {
    return requirePeer('autocannon') as Autocannon;
  } catch {
    throw new Skip('autocannon is not installed in bench/');
  }
}

function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
