/** Clients of the Model Context Protocol for tests: of `snapvm mcp`, and of a server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type CallToolResult, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { ExecutionContext } from 'ava';
import { createServer, type ServerOptions, type SnapvmServer } from '../../src/server/index.js';
import { MAIN } from './cli.js';
import { TEST_BACKEND } from './sandbox.js';

/** What a tool answered. */
export interface Told {
  readonly texts: readonly string[];
  readonly isError: boolean;
}

/** An assistant: a client that lists and calls tools. */
export class Assistant {
  readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  async call(name: string, given: Record<string, unknown> = {}, signal?: AbortSignal): Promise<Told> {
    const answer = await this.client.callTool({ name, arguments: given }, undefined, {
      timeout: 120_000,
      ...(signal !== undefined && { signal }),
    });
    const { content, isError = false } = answer as CallToolResult;
    return { texts: content.map((block) => (block.type === 'text' ? block.text : block.type)), isError };
  }

  /** Runs code. */
  js(code: string, more: Record<string, unknown> = {}): Promise<Told> {
    return this.call('run_javascript', { code, ...more });
  }

  /** The error of the protocol that a call ends with. */
  async rpcError(name: string, given: Record<string, unknown> = {}): Promise<McpError> {
    try {
      await this.call(name, given);
    } catch (error) {
      if (error instanceof McpError) return error;
      throw error;
    }
    throw new Error('there was no error');
  }

  async tools(): Promise<Map<string, { description?: string | undefined; inputSchema: unknown }>> {
    const { tools } = await this.client.listTools();
    return new Map(tools.map((tool) => [tool.name, tool]));
  }
}

/** `snapvm mcp` with these arguments, patient unless they say otherwise. It ends with the test. */
export async function stdioAssistant(t: ExecutionContext, args: readonly string[] = []): Promise<Assistant> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, 'mcp', '--timeout-ms', '60000', ...args],
    env: { ...(process.env as Record<string, string>), SNAPVM_BACKEND: TEST_BACKEND },
    stderr: 'ignore',
  });
  return await connect(t, transport);
}

/** A client of a server's `/mcp`. */
export async function httpAssistant(
  t: ExecutionContext,
  { url }: SnapvmServer,
  token?: string,
): Promise<Assistant> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', url), { requestInit: { headers } });
  // Its session id is `undefined` where the interface has none.
  return await connect(t, transport as Transport);
}

async function connect(t: ExecutionContext, transport: Transport): Promise<Assistant> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  t.teardown(() => client.close());
  return new Assistant(client);
}

/** A directory that is gone when the test has ended. */
export function mcpDirectory(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'snapvm-mcp-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A server whose tools are patient; it is closed when the test ends. */
export async function mcpServer(t: ExecutionContext, options: ServerOptions = {}): Promise<SnapvmServer> {
  const directory = options.directory ?? mcpDirectory(t);
  const mcp = options.mcp === false ? false : { timeoutMs: 60_000, ...options.mcp };
  const own = { port: 0, logger: false, engine: { workers: 1 } } as const;
  const server = await createServer({ ...own, ...options, directory, mcp });
  t.teardown(() => server.close());
  return server;
}

/** Deploys a module; its limits are patient. */
export async function deployModule(
  { url }: SnapvmServer,
  name: string,
  body: string,
  { type = 'application/javascript', token = '' } = {},
): Promise<void> {
  const answer = await fetch(`${url}/v1/functions/${name}?timeoutMs=60000`, {
    method: 'PUT',
    headers: { 'content-type': type, ...(token !== '' && { authorization: `Bearer ${token}` }) },
    body,
  });
  if (!answer.ok) throw new Error(await answer.text());
}
