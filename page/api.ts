/** Requests to the server's public API. */

const TOKEN = 'snapvm-token';
const JSON_TYPE = /[/+]json\b/;

export interface Target {
  readonly revision: number;
  readonly weight: number;
}

export interface VersionInfo {
  readonly revision: number;
  readonly version: string;
  readonly createdAt: string;
  readonly bytes: number;
  readonly functions: readonly string[];
}

/** What `GET /v1/functions/{name}` answers, as far as the page reads it. */
export interface FunctionInfo {
  readonly name: string;
  readonly kind?: string;
  readonly live?: readonly Target[];
  readonly versions: readonly VersionInfo[];
  readonly aliases: Readonly<Record<string, readonly Target[]>>;
  readonly canRollBack: boolean;
  readonly counters: {
    readonly calls: number;
    readonly errors: Readonly<Record<string, number>>;
    readonly p50Us: number;
    readonly p99Us: number;
  };
}

export interface FunctionList {
  readonly functions: readonly { readonly name: string }[];
  readonly next?: string;
}

export interface LogLine {
  readonly level: string;
  readonly text: string;
  readonly requestId: string;
}

export interface MemoryMap {
  readonly revision: number;
  readonly regions: readonly MemoryRegion[];
  readonly snapshotBytes: { readonly own: number; readonly shared: number };
}

export interface MemoryRegion {
  readonly name: string;
  readonly gva: string;
  readonly bytes: number;
  readonly rights: string;
  readonly ring: number;
}

export interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly thrown?: unknown;
}

export interface Sent {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly isJson: boolean;
}

/** What the server or a function says is wrong. */
export class ProblemError extends Error {
  readonly problem: Problem;
  readonly headers: Headers;

  constructor(problem: Problem, headers: Headers) {
    super(`${problem.detail} (${problem.code})`);
    this.problem = problem;
    this.headers = headers;
  }
}

/** Keeps a token in this tab. */
export function setToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
}

export function hasToken(): boolean {
  return sessionStorage.getItem(TOKEN) !== null;
}

/** The path of a function. */
export function pathOf(name: string, rest = ''): string {
  return `v1/functions/${encodeURIComponent(name)}${rest}`;
}

/** @throws ProblemError what the server answers; TypeError when it cannot be reached */
export async function send(path: string, { method = 'GET', body, headers = {} }: Sent = {}): Promise<Answer> {
  const token = sessionStorage.getItem(TOKEN);
  const answer = await fetch(path, {
    method,
    headers: { ...headers, ...(token !== null && { authorization: `Bearer ${token}` }) },
    cache: 'no-store',
    ...(body !== undefined && { body }),
  });
  const text = await answer.text();
  const isJson = JSON_TYPE.test(answer.headers.get('content-type') ?? '');
  if (answer.ok) return { status: answer.status, headers: answer.headers, text, isJson };
  throw new ProblemError(problemIn(answer.status, text, isJson), answer.headers);
}

/** @throws ProblemError, TypeError as `send` */
export async function ask<T>(path: string, sent?: Sent): Promise<T> {
  return JSON.parse((await send(path, sent)).text) as T;
}

/** What is to be said of an error. */
export function messageOf(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  return error instanceof TypeError ? 'The server cannot be reached.' : String(error);
}

function problemIn(status: number, text: string, isJson: boolean): Problem {
  const {
    detail = `the server answered ${status}`,
    code = 'no code',
    thrown,
  } = (isJson ? JSON.parse(text) : {}) as Partial<Problem>;
  return { status, detail, code, ...(thrown !== undefined && { thrown }) };
}
