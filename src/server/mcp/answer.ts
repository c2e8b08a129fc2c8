/** Answers of tools: text of a bounded length, which says what of it is missing. */

import { isUtf8 } from 'node:buffer';
import { GuestThrownError, SnapvmError } from '../../base/errors.js';
import { isBytes } from '../../base/realms.js';
import type { LinuxResult } from '../../guests/program-result.js';
import { base64Of, jsonText } from '../http/json.js';
import { statusOf } from '../http/problems.js';
import type { Lines } from './lines.js';
import type { ToolResult } from './tool.js';

/** Parts of an answer: the first ones get the room there is. None is without text: some clients refuse that. */
export class Answer {
  readonly #texts: string[] = [];
  #room: number;

  /** @param room Characters. */
  constructor(room: number) {
    this.#room = room;
  }

  /** Adds a text; what there is no room for is cut off, and counted. */
  add(text: string, heading = ''): this {
    const kept = cut(text, this.#room);
    this.#room -= kept.length;
    const missing = text.length - kept.length;
    const note = missing === 0 ? '' : `\n[cut: ${missing} of ${text.length} characters are not shown]`;
    this.#texts.push(`${heading}${text === '' ? '(empty)' : kept}${note}`);
    return this;
  }

  /** Adds what a guest printed, if anything. */
  printed({ texts }: Lines): this {
    return texts.length === 0 ? this : this.add(texts.join('\n'), 'console:\n');
  }

  result(): ToolResult {
    return { content: this.#texts.map((text) => ({ type: 'text', text })) };
  }

  error(): ToolResult {
    return { ...this.result(), isError: true };
  }
}

/** No half of a character that has two. */
function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  const last = text.charCodeAt(room - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? room - 1 : room);
}

/** A value that a function answered. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return 'undefined';
  return isBytes(value) ? bytesText(value) : jsonText(value);
}

/** Text, or base64 of what is none. */
function bytesText(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  return jsonText({ base64: base64Of(bytes) });
}

/** What a program left. Its exit code is for the assistant to judge: a search that finds nothing has one, too. */
export function programAnswer(result: LinuxResult, room: number): ToolResult {
  const { exitCode, signal, stdout, stderr, hint } = result;
  const answer = new Answer(room);
  if (stdout.length > 0 || (stderr.length === 0 && exitCode === 0)) answer.add(bytesText(stdout));
  if (stderr.length > 0) answer.add(bytesText(stderr), 'stderr:\n');
  if (exitCode !== 0) answer.add(`exit code ${exitCode}${signal === undefined ? '' : ` (${signal})`}`);
  if (hint !== undefined) answer.add(hint);
  return signal === undefined ? answer.result() : answer.error();
}

/**
 * An error that the assistant can do something about, as an answer: that of a guest, or of what a call was given.
 * @param shown Changes the text of the error.
 * @throws what was thrown, if it is none
 */
export function errorAnswer(
  error: unknown,
  lines: Lines,
  room: number,
  shown = (text: string): string => text,
): ToolResult {
  if (!(error instanceof SnapvmError) || !isForAssistant(error)) throw error;
  const answer = new Answer(room).add(shown(errorText(error)));
  const { stdout, stderr } = error.details;
  if (typeof stdout === 'string' && stdout !== '') answer.add(stdout, 'stdout:\n');
  if (typeof stderr === 'string' && stderr !== '') answer.add(stderr, 'stderr:\n');
  return answer.printed(lines).error();
}

const OF_THE_CALL = new Set([
  'SNAPVM_CONFIG_VALUE',
  'SNAPVM_SERVER_REQUEST',
  'SNAPVM_CALL_FUNCTION',
  'SNAPVM_CALL_INPUT_TOO_LARGE',
]);

function isForAssistant({ code }: SnapvmError): boolean {
  return OF_THE_CALL.has(code) || statusOf(code) === 422;
}

/** What was thrown, with its frames in the guest's own lines; or the code, and what it says. */
function errorText(error: SnapvmError): string {
  if (error instanceof GuestThrownError) return error.thrown.stack;
  const { code, message, details } = error;
  const name = details['function'];
  // The engine's name of the function says nothing to an assistant, and no policy is an assistant's.
  const own = typeof name === 'string' && message.startsWith(name) ? message.indexOf(': ') + 2 : 0;
  return `${code}: ${message.slice(own).replace(/ \(raise \w+ in its policy\)/, '')}`;
}
