/** Deployments of several parts. */

import type {} from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { messageOf } from '../../base/realms.js';
import { suggest } from '../../base/suggest.js';
import { checkDeclared } from './body.js';
import { badRequest, tooLarge } from './request-error.js';
import type { RequestState } from './state.js';

const PARTS = ['policy', 'source', 'files'];

/** A part of a form. */
export interface Part {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads the parts of a form, by name.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_TOO_LARGE`, `SNAPVM_HOST_MEMORY`
 */
export async function readForm(
  request: FastifyRequest,
  state: RequestState,
  most: number,
): Promise<ReadonlyMap<string, Part>> {
  if (!checkDeclared(state.raw, most)) throw badRequest('the form is empty');
  state.goOn();
  const found = new Map<string, Part>();
  let left = most;
  try {
    for await (const part of request.parts({
      limits: {
        fieldNameSize: 100,
        fieldSize: 0,
        fields: 0,
        files: PARTS.length,
        fileSize: most,
        parts: PARTS.length,
        headerPairs: 20,
      },
      // Also those without a file name: as fields they would be texts.
      isPartAFile: () => true,
    } as object)) {
      const name = part.fieldname;
      if (part.type !== 'file' || !PARTS.includes(name))
        throw badRequest(`the form has no part ${show(name)}; ${suggest(name, PARTS)}`);
      if (found.has(name)) throw badRequest(`the form has ${show(name)} twice`);
      const chunks: Buffer[] = [];
      for await (const chunk of part.file as AsyncIterable<Buffer>) {
        left -= chunk.length;
        if (left < 0) throw tooLarge(`the form has more than the ${most} bytes that are taken`, most);
        state.hold(chunk.length);
        chunks.push(chunk);
      }
      if (part.file.truncated) throw tooLarge(`${name} has more than the ${most} bytes that are taken`, most);
      found.set(name, { type: part.mimetype, bytes: Buffer.concat(chunks) });
    }
  } catch (cause) {
    if (cause instanceof SnapvmError) throw cause;
    throw badRequest(`the form cannot be read: ${messageOf(cause)}`);
  }
  return found;
}
