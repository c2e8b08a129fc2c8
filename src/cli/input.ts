/** Bytes from where the user says they are. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { SnapvmError } from '../errors.js';
import { UsageError } from './arguments.js';
import { FileError } from './failure.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

/**
 * What `text`, `@file` or `-` (stdin) stands for. No more than `limit` bytes are held, however long a pipe is.
 * @throws FileError, SnapvmError SNAPVM_CALL_INPUT_TOO_LARGE, UsageError
 */
export async function readInput(flag: string, source: string, limit: number): Promise<Uint8Array> {
  if (source === '-') return await collect(flag, 'stdin', process.stdin, limit);
  if (!source.startsWith('@')) return new TextEncoder().encode(source);
  const path = source.slice(1);
  if (path === '') throw new UsageError(`--${flag} is "@" without the name of a file`);
  return await collect(flag, JSON.stringify(path), createReadStream(path), limit);
}

async function collect(flag: string, what: string, stream: Readable, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) throw tooLarge(flag, what, limit);
    }
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = REASONS[code ?? ''] ?? message;
    throw new FileError(code ?? 'EIO', `--${flag} ${what} cannot be read: ${reason}`, { cause });
  }
  return Buffer.concat(chunks);
}

function tooLarge(flag: string, what: string, limit: number): SnapvmError {
  const advice = flag === 'input' ? '; raise --input-bytes' : '';
  return new SnapvmError(
    'SNAPVM_CALL_INPUT_TOO_LARGE',
    `--${flag} ${what} has more than the ${limit} bytes that fit${advice}`,
    { limit },
  );
}
