/** The output of a program as it is written: server-sent events, or the bytes. */

import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { LinuxResult } from '../../guests/program-result.js';
import { eventText, roomIn } from './events.js';
import { base64Of } from './json.js';
import { BYTES_TYPE, EVENTS_TYPE } from './media.js';
import { type Problem, problemText } from './problems.js';

/** Of one event: readers keep a whole one in memory. */
const EVENT_BYTES = 2 ** 20;

/**
 * An answer that begins with the first output: what fails before that is answered as any other call. The program
 * waits until the client has taken what it wrote, so nothing gathers here.
 */
export class OutputStream {
  readonly #reply: FastifyReply;
  readonly #raw: ServerResponse;
  readonly #asEvents: boolean;
  #hasBegun = false;

  constructor(reply: FastifyReply, asEvents: boolean) {
    this.#reply = reply;
    this.#raw = reply.raw;
    this.#asEvents = asEvents;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Sends output; resolves when there is room for more, or when the client has hung up. */
  readonly take = async (bytes: Uint8Array): Promise<void> => {
    this.begin();
    if (this.#raw.destroyed) return; // and the call is aborted
    if (this.#asEvents ? this.#write('stdout', bytes) : this.#raw.write(bytes)) return;
    await roomIn(this.#raw);
  };

  /** Sends the head, with the headers that the reply has by now. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#reply.hijack();
    const trailer = this.#asEvents ? {} : { trailer: 'snapvm-exit-code' };
    this.#raw.writeHead(200, {
      ...(this.#reply.getHeaders() as Readonly<Record<string, string>>),
      ...trailer,
      'content-type': this.#asEvents ? EVENTS_TYPE : BYTES_TYPE,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
  }

  /** Ends a stream that has begun. */
  end({ exitCode, signal, stdout, stderr }: LinuxResult): void {
    if (this.#asEvents) {
      this.#write('stdout', stdout);
      this.#write('stderr', stderr);
      this.#raw.end(eventText('end', { exitCode, ...(signal !== undefined && { signal }) }));
      return;
    }
    this.#raw.addTrailers({ 'snapvm-exit-code': String(exitCode) });
    this.#raw.end(stdout);
  }

  /** Ends a stream that has begun with an error: bytes break off, so that nobody takes them for all there is. */
  fail(problem: Problem): void {
    if (this.#asEvents) this.#raw.end(`event: problem\ndata: ${problemText(problem)}\n\n`);
    else this.#raw.destroy();
  }
  /** As many events as it takes; whether there is room for more. */
  #write(name: 'stdout' | 'stderr', bytes: Uint8Array): boolean {
    let hasRoom = true;
    for (let at = 0; at < bytes.length; at += EVENT_BYTES)
      hasRoom = this.#raw.write(eventText(name, { base64: base64Of(bytes.subarray(at, at + EVENT_BYTES)) }));
    return hasRoom;
  }
}
