/** Reads bytes from where the user says they are. */
import { constants, createReadStream, fstatSync, open } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { systemError } from '../base/errno.js';
import { SnapvmError } from '../base/errors.js';
import { UsageError } from './arguments.js';
import { FileError } from './failure.js';

/**
 * The bytes that `text`, `@file` or `-` (stdin) stands for. No more than `limit` bytes are held, however long
 * a pipe is.
 * @throws FileError, SnapvmError SNAPVM_CALL_INPUT_TOO_LARGE, UsageError
 */
export async function readInput(flag: string, source: string, limit: number): Promise<Uint8Array> {
  if (source === '-') return await collect(flag, 'stdin', () => process.stdin, limit);
  if (!source.startsWith('@')) return new TextEncoder().encode(source);
  const path = source.slice(1);
  if (path === '') throw new UsageError(`--${flag} is "@" without the name of a file`);
  return await collect(flag, JSON.stringify(path), () => openFile(path), limit);
}

/** The bytes of a file, or of stdin (`-`), in pieces as they come. @throws FileError */
export function readPieces(flag: string, source: string): AsyncIterable<Uint8Array> {
  if (source === '-') return piecesOf(flag, 'stdin', () => process.stdin);
  return piecesOf(flag, JSON.stringify(source), () => openFile(source));
}

/**
 * A named pipe or a terminal is waited for in the event loop: a thread that waited in open(2) or read(2)
 * could not be stopped, and a process does not end before its threads do, not even at Ctrl-C.
 */
async function openFile(path: string): Promise<Readable> {
  const fd = await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (isatty(fd)) return new ReadStream(fd);
  return fstatSync(fd).isFIFO()
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream(path, { fd });
}

async function collect(
  flag: string,
  what: string,
  source: () => Readable | Promise<Readable>,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of piecesOf(flag, what, source)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) throw tooLarge(flag, what, limit);
  }
  return Buffer.concat(chunks);
}

async function* piecesOf(
  flag: string,
  what: string,
  source: () => Readable | Promise<Readable>,
): AsyncGenerator<Uint8Array, void, undefined> {
  // What the reader of the pieces throws does not arrive here.
  try {
    yield* (await source()) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const { code, reason } = systemError(cause);
    throw new FileError(code, `--${flag} ${what} cannot be read: ${reason}`, { cause });
  }
}

function tooLarge(flag: string, what: string, limit: number): SnapvmError {
  const advice = flag === 'input' ? '; raise --input-bytes' : '';
  return new SnapvmError(
    'SNAPVM_CALL_INPUT_TOO_LARGE',
    `--${flag} ${what} has more than the ${limit} bytes that fit${advice}`,
    { limit },
  );
}
