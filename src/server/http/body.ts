/** Bodies of requests: bounded while they are read. */

import type { IncomingMessage } from 'node:http';
import { badRequest, tooLarge } from './request-error.js';
import type { RequestState } from './state.js';

const NOTHING = new Uint8Array(0);

/**
 * Whether the request has a body.
 * @throws SnapvmError `SNAPVM_SERVER_TOO_LARGE` when it says that it is larger than `most`
 */
export function checkDeclared({ headers }: IncomingMessage, most: number): boolean {
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] !== undefined;
  const bytes = Number(length);
  if (bytes > most) throw tooLarge(`the body has ${bytes} bytes; at most ${most} are taken`, most);
  return bytes > 0;
}

/**
 * Reads the body of a request, of no bytes if it has none. What it holds is counted until the request has ended.
 * @throws SnapvmError `SNAPVM_SERVER_TOO_LARGE`, `SNAPVM_SERVER_REQUEST`, `SNAPVM_HOST_MEMORY`
 */
export function readBody(state: RequestState, most: number): Promise<Uint8Array> | Uint8Array {
  const { raw } = state;
  if (!checkDeclared(raw, most)) return NOTHING;
  state.goOn();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer): void => {
      bytes += chunk.length;
      try {
        if (bytes > most) throw tooLarge(`the body has more than the ${most} bytes that are taken`, most);
        state.hold(chunk.length);
      } catch (error) {
        raw.off('data', take);
        raw.pause();
        reject(error);
        return;
      }
      chunks.push(chunk);
    };
    const cutShort = (): void => reject(badRequest('the body ended before it was complete'));
    raw.on('data', take);
    raw.once('error', cutShort);
    raw.once('close', cutShort);
    raw.once('end', () => {
      raw.off('close', cutShort); // or each request would make an error that nobody sees
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes));
    });
  });
}
