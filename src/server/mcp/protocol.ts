/** The protocol: requests of a client, answered by the tools. */

import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  type ListToolsResult,
} from '@modelcontextprotocol/sdk/types.js';
import type { SnapvmError } from '../../base/errors.js';
import { anySignal } from '../../base/globals.js';
import { asSnapvmError, problemOf, retryAfter } from '../http/problems.js';
import type { Caller } from './tool.js';
import type { Tools } from './tools.js';

/** What answers a client. */
export interface ProtocolParts {
  readonly tools: Tools;
  /** This package's. */
  readonly version: string;
  readonly caller: Caller;
  /** Names the request, for those who look for it in a log. */
  readonly requestId: string;
  /** Aborts when nobody waits for an answer any more. */
  readonly signal?: AbortSignal;
  /** Is told of errors of the service, which clients are not. */
  failed(error: unknown): void;
}

/** A server of the protocol, and what it has not answered yet. */
export interface Spoken {
  readonly server: Server;
  readonly underway: ReadonlySet<Promise<unknown>>;
}

/** An error as JSON-RPC has it. */
class RpcError extends Error {
  readonly code: number;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: number, message: string, data?: Readonly<Record<string, unknown>>) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** JSON-RPC leaves -32000 to -32099 to servers. */
const REFUSED = -32_000;

/** Makes what answers the messages of one client. */
export function speak(parts: ProtocolParts): Spoken {
  const { tools, caller, version } = parts;
  const underway = new Set<Promise<unknown>>();
  const server = new Server({ name: 'snapvm', version }, { capabilities: { tools: {} } });
  const answer = async <T>(make: () => Promise<T>): Promise<T> => {
    const made = make();
    underway.add(made);
    try {
      return await made;
    } catch (error) {
      throw rpcError(error, parts);
    } finally {
      underway.delete(made);
    }
  };
  server.setRequestHandler(ListToolsRequestSchema, (request, { signal }) =>
    answer(
      async () =>
        (await tools.list(caller, request.params?.cursor, both(signal, parts.signal))) as ListToolsResult,
    ),
  );
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) =>
    answer(async () => {
      const given = new Map(Object.entries(params.arguments ?? {}));
      const { content, isError } = await tools.call(params.name, given, caller, both(signal, parts.signal));
      return { content: [...content], ...(isError !== undefined && { isError }) };
    }),
  );
  return { server, underway };
}

function both(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? one : anySignal([one, other]);
}

/** Errors of what is run are answers of tools; these are the others. */
function rpcError(given: unknown, { requestId, failed }: ProtocolParts): RpcError {
  const error = asSnapvmError(given);
  const { status, detail, code } = problemOf(error, requestId);
  if (status === 500) failed(given);
  const seconds = retryAfter(error, status);
  return new RpcError(rpcCode(error, status), detail, {
    code,
    ...(seconds !== undefined && { retryAfterSeconds: seconds }),
  });
}

function rpcCode({ code }: SnapvmError, status: number): number {
  if (code === 'SNAPVM_SERVER_UNKNOWN' || code === 'SNAPVM_SERVER_REQUEST') return ErrorCode.InvalidParams;
  return status === 500 ? ErrorCode.InternalError : REFUSED;
}
