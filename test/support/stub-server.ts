/** A server that answers as a test says, and keeps what it was asked. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

/** A request as it arrived. */
export interface Asked {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What it answers: all of it, or whatever a test does with the response. */
export type Answering = (asked: Asked, response: ServerResponse) => void;

export interface Stub {
  readonly url: string;
  /** What was asked, oldest first. */
  readonly asked: readonly Asked[];
}

/** Starts a server, which ends with the test. */
export async function stubServer(t: ExecutionContext, answer: Answering): Promise<Stub> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks) };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** Answers with JSON. */
export function answerJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** Answers with a problem. */
export function answerProblem(
  response: ServerResponse,
  problem: { readonly status: number; readonly code: string } & Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): void {
  answerJson(response, problem.status, problem, {
    'content-type': 'application/problem+json; charset=utf-8',
    ...headers,
  });
}

/** Where a server was, and nobody answers now. */
export async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<unknown>((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
