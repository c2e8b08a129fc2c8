/** Calling a function, and what it answered. */

import {
  type Answer,
  ask,
  type FunctionInfo,
  type LogLine,
  messageOf,
  ProblemError,
  pathOf,
  send,
} from './api.ts';
import { byId, make, say, setOptions } from './dom.ts';
import { timeText } from './format.ts';

/** Characters of an answer that are shown. */
const MOST_SHOWN = 100_000;

export class CallView {
  readonly #version = byId('call-version', HTMLSelectElement);
  readonly #export = byId('call-export', HTMLSelectElement);
  readonly #input = byId('input', HTMLTextAreaElement);
  readonly #outcome = byId('outcome', HTMLParagraphElement);
  readonly #result = byId('result', HTMLTextAreaElement);
  readonly #timing = byId('timing', HTMLDListElement);
  readonly #log = byId('log', HTMLTextAreaElement);
  readonly #called: (dirtyPages: number | undefined) => void;
  #function: FunctionInfo | undefined;
  #last = 0;
  #requestId = '';

  /** `chosen` when another version is chosen; `called` when a call has ended. */
  constructor(chosen: () => void, called: (dirtyPages: number | undefined) => void) {
    this.#called = called;
    this.#version.addEventListener('change', () => {
      this.#showExports();
      chosen();
    });
    byId('call-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.call();
    });
  }

  /** What a call or a look at the memory names: `alias=live`, say. */
  get naming(): string {
    return this.#version.value;
  }

  show(info: FunctionInfo | undefined): void {
    this.#function = info;
    const aliases = Object.keys(info?.aliases ?? {}).sort(
      (a, b) => Number(b === 'live') - Number(a === 'live'),
    );
    setOptions(this.#version, [
      ...aliases.map((alias) => [`alias=${encodeURIComponent(alias)}`, alias] as const),
      ...(info?.versions ?? []).map(
        ({ revision }) => [`version=${revision}`, `revision ${revision}`] as const,
      ),
    ]);
    this.#showExports();
  }

  async call(): Promise<void> {
    const info = this.#function;
    if (info === undefined) {
      say(this.#outcome, 'Choose a function, or deploy one, and call it then.', true);
      return;
    }
    this.#last += 1;
    const turn = this.#last;
    say(this.#outcome, `Calling ${info.name}…`);
    const began = performance.now();
    try {
      const answer = await this.#send(info);
      if (turn === this.#last) this.#showAnswer(info.name, answer, performance.now() - began);
    } catch (error) {
      if (turn === this.#last) this.#showError(error, performance.now() - began);
    }
    await this.#showLog(info.name, turn);
  }

  /** @throws SyntaxError when the input is no JSON; what `send` throws */
  async #send({ name, kind }: FunctionInfo): Promise<Answer> {
    this.#requestId = crypto.randomUUID();
    const input = this.#input.value;
    const isJson = kind === 'js' || kind === 'ts';
    if (isJson && input.trim() !== '') JSON.parse(input);
    const fn = this.#export.value;
    return await send(`${pathOf(name)}?${this.naming}`, {
      method: 'POST',
      headers: {
        'x-request-id': this.#requestId,
        ...(fn !== '' && { 'snapvm-fn': fn }),
        ...(kind === 'linux' && { accept: 'application/json' }),
        ...(input.trim() !== '' && {
          'content-type': isJson ? 'application/json' : 'application/octet-stream',
        }),
      },
      ...(input.trim() !== '' && { body: input }),
    });
  }

  #showAnswer(name: string, { status, headers, text, isJson }: Answer, ms: number): void {
    say(this.#outcome, `${name} answered${status === 204 ? ' nothing' : ''}.`);
    this.#showResult(isJson ? JSON.stringify(JSON.parse(text), undefined, 2) : text);
    this.#showTiming(headers, ms);
  }

  #showError(error: unknown, ms: number): void {
    const isInput = error instanceof SyntaxError;
    say(this.#outcome, isInput ? `The input is no JSON: ${error.message}` : messageOf(error), true);
    const isProblem = error instanceof ProblemError;
    const thrown = isProblem ? error.problem.thrown : undefined;
    this.#showResult(thrown === undefined ? '' : JSON.stringify(thrown, undefined, 2));
    this.#showTiming(isProblem ? error.headers : new Headers(), ms);
  }

  #showResult(text: string): void {
    const rest = text.length - MOST_SHOWN;
    this.#result.value = rest > 0 ? `${text.slice(0, MOST_SHOWN)}\n… and ${rest} more characters` : text;
  }

  #showTiming(headers: Headers, ms: number): void {
    const number = (name: string): number | undefined => {
      const value = headers.get(name);
      return value === null ? undefined : Number(value);
    };
    const time = (us: number | undefined): string | undefined =>
      us === undefined ? undefined : timeText(us);
    const dirtyPages = number('snapvm-dirty-pages');
    const rows: readonly (readonly [string, string | undefined])[] = [
      ['Ran', time(number('snapvm-duration-us'))],
      ['Waited', time(number('snapvm-queue-us'))],
      ['Round trip', timeText(Math.round(ms * 1000))],
      ['Revision', headers.get('snapvm-revision') ?? undefined],
      ['Pages put back', dirtyPages === undefined ? undefined : String(dirtyPages)],
      ['Exit code', headers.get('snapvm-exit-code') ?? undefined],
    ];
    const shown = rows.flatMap(([name, value]) =>
      value === undefined
        ? []
        : [make('div', {}, make('dt', { textContent: name }), make('dd', { textContent: value }))],
    );
    this.#timing.replaceChildren(...shown);
    this.#called(dirtyPages);
  }

  async #showLog(name: string, turn: number): Promise<void> {
    const id = this.#requestId;
    let text: string;
    try {
      const { lines } = await ask<{ lines: readonly LogLine[] }>(pathOf(name, '/logs'));
      text = lines
        .filter(({ requestId }) => requestId === id)
        .map(({ level, text }) => `${level}: ${text}`)
        .join('\n');
    } catch (error) {
      text = messageOf(error);
    }
    if (turn === this.#last) this.#log.value = text;
  }

  #showExports(): void {
    const revision = Number(/^version=(\d+)$/.exec(this.naming)?.[1] ?? this.#function?.live?.[0]?.revision);
    const version = this.#function?.versions.find((one) => one.revision === revision);
    setOptions(
      this.#export,
      (version?.functions ?? []).map((name) => [name, name] as const),
    );
  }
}
