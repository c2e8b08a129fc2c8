/** The protocol over HTTP: each request is answered by itself, and no session is kept. */

import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { type ProtocolParts, speak } from './protocol.js';

/** A message of a client, parsed, with the headers that the protocol looks at. */
export interface HttpMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What is answered. */
export interface HttpAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

/** Answers a message. */
export async function answerMessage(
  { headers, body }: HttpMessage,
  parts: ProtocolParts,
): Promise<HttpAnswer> {
  const { server } = speak(parts);
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  try {
    await server.connect(transport);
    const request = new Request('http://localhost/mcp', { method: 'POST', headers });
    const response = await transport.handleRequest(request, { parsedBody: body });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  } finally {
    await server.close();
  }
}
