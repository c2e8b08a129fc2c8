/** The inputs of a batch: cut first, and counted; then parsed one after the other, with turns of the event loop between. */

import { SnapvmError } from '../../base/errors.js';
import { Pacer } from '../../base/numbers.js';
import type { Version } from '../functions/model.js';
import { boundsFor } from './inputs.js';
import { type JsonBounds, parseJson } from './json.js';
import { badRequest, tooLarge } from './request-error.js';

const MOST_INPUTS = 10_000;
/** Lines, those without an input too. */
const MOST_LINES = 2 * MOST_INPUTS;
/** Bytes that are looked through at once: a millisecond. */
const CUT_BYTES = 256 * 1024;
/** Bytes that are parsed at once, unless one input has more: a few milliseconds. */
const PARSE_BYTES = 64 * 1024;
/** What a list or an object takes, or what is in one. */
const PART_BYTES = 48;
/** What a line costs beside its bytes. */
const LINE_COST = 64;

const [NEWLINE, QUOTE, BACKSLASH, COMMA] = [0x0a, 0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** An input, or why its call is not made. */
export type BatchInput = { readonly value: unknown } | { readonly error: SnapvmError };

/** @throws SnapvmError why its call is not made */
export function inputValue(input: BatchInput): unknown {
  if ('error' in input) throw input.error;
  return input.value;
}

/** What the inputs of a batch are read for. */
export interface BatchFor {
  readonly version: Pick<Version, 'kind' | 'policy'>;
  /** Counts memory that the inputs take beside the body. @throws SnapvmError `SNAPVM_HOST_MEMORY` */
  readonly hold: (bytes: number) => void;
}

/** A part of a body. */
interface Piece {
  readonly what: string;
  readonly from: number;
  readonly end: number;
}

/** The inputs in a JSON list. @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_TOO_LARGE`, `SNAPVM_HOST_MEMORY` */
export async function inputsInList(body: Uint8Array, whom: BatchFor): Promise<readonly BatchInput[]> {
  return await parsed(body, await new ListCut(body).pieces(), whom);
}

/** The inputs in lines of JSON. @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_TOO_LARGE`, `SNAPVM_HOST_MEMORY` */
export async function inputsInLines(body: Uint8Array, whom: BatchFor): Promise<readonly BatchInput[]> {
  const pieces: Piece[] = [];
  const pacer = new Pacer(CUT_BYTES);
  for (let at = 0, line = 1; at < body.length; line++) {
    if (line > MOST_LINES)
      throw tooLarge(`the batch has more than the ${MOST_LINES} lines that are taken`, MOST_LINES);
    const newline = body.indexOf(NEWLINE, at);
    const end = newline < 0 ? body.length : newline;
    const from = skipSpace(body, at, end);
    if (pacer.spend(from - at + LINE_COST)) await pacer.turn();
    at = end + 1;
    if (from === end) continue;
    if (pieces.length === MOST_INPUTS) throw tooMany();
    pieces.push({ what: `line ${line} of the body`, from, end });
  }
  return await parsed(body, pieces, whom);
}

async function parsed(
  body: Uint8Array,
  pieces: readonly Piece[],
  { version, hold }: BatchFor,
): Promise<readonly BatchInput[]> {
  const bounds = { ...boundsFor(version), counted: (parts: number) => hold(parts * PART_BYTES) };
  const inputs: BatchInput[] = [];
  const pacer = new Pacer(PARSE_BYTES);
  for (const { what, from, end } of pieces) {
    if (pacer.spend(end - from + LINE_COST)) await pacer.turn();
    inputs.push(parsedPiece(body.subarray(from, end), what, bounds));
  }
  return inputs;
}

/** An input that is too large is a matter of its own call; what is no JSON is one of the request. */
function parsedPiece(bytes: Uint8Array, what: string, bounds: JsonBounds): BatchInput {
  try {
    return { value: parseJson(bytes, what, bounds) };
  } catch (error) {
    if (error instanceof SnapvmError && error.code === 'SNAPVM_CALL_INPUT_TOO_LARGE') return { error };
    throw error;
  }
}

/** Finds the parts of a list. What is wrong within one shows when it is parsed. */
class ListCut {
  readonly #body: Uint8Array;
  readonly #pieces: Piece[] = [];
  #level = 0;
  #inText = false;
  #from = 0;
  #hasEnded = false;

  constructor(body: Uint8Array) {
    this.#body = body;
  }

  /** @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_TOO_LARGE` */
  async pieces(): Promise<readonly Piece[]> {
    const { length } = this.#body;
    const pacer = new Pacer(CUT_BYTES);
    for (let at = 0; at < length; ) {
      const next = this.#cut(at, Math.min(at + CUT_BYTES, length));
      if (pacer.spend(next - at)) await pacer.turn();
      at = next;
    }
    if (!this.#hasEnded) throw noList();
    return this.#pieces;
  }

  /** @returns where to go on */
  #cut(from: number, end: number): number {
    const body = this.#body;
    let at = from;
    for (; at < end; at++) {
      const byte = body[at] as number;
      if (this.#inText) {
        if (byte === BACKSLASH) at += 1;
        else if (byte === QUOTE) this.#inText = false;
      } else if (isSpace(byte)) continue;
      else if (this.#hasEnded || (this.#level === 0 && byte !== OPEN_LIST)) throw noList();
      else if (byte === QUOTE) this.#inText = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        this.#level += 1;
        if (this.#level === 1) this.#from = at + 1;
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#close(byte, at);
      else if (byte === COMMA && this.#level === 1) this.#add(at);
    }
    return at;
  }

  #close(byte: number, at: number): void {
    this.#level -= 1;
    if (this.#level > 0) return;
    if (byte !== CLOSE_LIST) throw noList();
    this.#hasEnded = true;
    const isEmpty = this.#pieces.length === 0 && skipSpace(this.#body, this.#from, at) === at;
    if (!isEmpty) this.#add(at);
  }

  #add(end: number): void {
    if (this.#pieces.length === MOST_INPUTS) throw tooMany();
    this.#pieces.push({ what: `input ${this.#pieces.length + 1} of the body`, from: this.#from, end });
    this.#from = end + 1;
  }
}

function skipSpace(body: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isSpace(body[at] as number)) at++;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function noList(): SnapvmError {
  return badRequest('the body of a batch is a JSON list of inputs');
}

function tooMany(): SnapvmError {
  return tooLarge(`the batch has more than the ${MOST_INPUTS} inputs that are taken`, MOST_INPUTS);
}
