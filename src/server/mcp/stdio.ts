/** The protocol over standard input and output: one client, who started this process. */

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { nextTurn } from '../../base/globals.js';
import { type ProtocolParts, speak } from './protocol.js';

/** Code, and inputs of programs, in one message. */
const MOST_MESSAGE_BYTES = 64 * 2 ** 20;

/** Answers until there is no more input and all is answered, or there is too much of it at once. */
export async function answerStdio(parts: ProtocolParts): Promise<void> {
  const { stdin, stdout } = process;
  const { server, underway } = speak(parts);
  server.onerror = (error) => parts.failed(error);
  const ended = new Promise<void>((resolve) => {
    server.onclose = resolve;
    stdin.once('end', resolve);
    stdin.once('close', resolve);
  });
  await server.connect(new StdioServerTransport(stdin, stdout, { maxBufferSize: MOST_MESSAGE_BYTES }));
  await ended;
  while (underway.size > 0) await Promise.allSettled(underway);
  await nextTurn(); // by then the last answer is given to stdout
  await new Promise<void>((resolve) => stdout.write('', () => resolve()));
  await server.close();
}
