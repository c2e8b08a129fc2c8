/** The table of functions, with what they do now. */

import type { FunctionInfo } from './api.ts';
import { byId, make, setText } from './dom.ts';
import { shortNumber, timeText } from './format.ts';
import type { Rates } from './rates.ts';

const COLUMNS = ['Name', 'Calls/s', 'p50', 'p99', 'Errors'] as const;

class Row {
  readonly element: HTMLTableRowElement;
  readonly #button: HTMLButtonElement;
  readonly #cells: readonly HTMLTableCellElement[];

  constructor(name: string, choose: (name: string) => void) {
    this.#button = make('button', { type: 'button', textContent: name, onclick: () => choose(name) });
    this.#cells = COLUMNS.slice(1).map(() => make('td'));
    this.element = make('tr', {}, make('th', { scope: 'row' }, this.#button), ...this.#cells);
  }

  show({ counters }: FunctionInfo, rate: number | undefined, isChosen: boolean): void {
    this.#button.setAttribute('aria-pressed', String(isChosen));
    const codes = Object.entries(counters.errors);
    const errors = codes.reduce((sum, [, count]) => sum + count, 0);
    const wasCalled = counters.calls > 0;
    const texts = [
      rate === undefined ? '–' : shortNumber(rate),
      wasCalled ? timeText(counters.p50Us) : '–',
      wasCalled ? timeText(counters.p99Us) : '–',
      String(errors),
    ];
    this.#cells.forEach((cell, i) => void setText(cell, texts[i] ?? ''));
    const last = this.#cells.at(-1);
    last?.classList.toggle('bad', errors > 0);
    if (last !== undefined) last.title = codes.map(([code, count]) => `${code}: ${count}`).join('\n');
  }
}

export class FunctionsView {
  readonly #body = make('tbody');
  readonly #empty = make('p', { className: 'soft', textContent: 'There is no function yet: deploy one.' });
  readonly #choose: (name: string) => void;
  #rows = new Map<string, Row>();

  constructor(choose: (name: string) => void) {
    this.#choose = choose;
    const heads = COLUMNS.map((text) => make('th', { scope: 'col', textContent: text }));
    const table = make('table', {}, make('thead', {}, make('tr', {}, ...heads)), this.#body);
    byId('functions-table', HTMLDivElement).append(table, this.#empty);
  }

  show(functions: readonly FunctionInfo[], rates: Rates, chosen: string | undefined): void {
    const names = functions.map(({ name }) => name);
    if (names.join() !== [...this.#rows.keys()].join()) this.#arrange(names);
    this.#empty.hidden = functions.length > 0;
    for (const info of functions)
      this.#rows.get(info.name)?.show(info, rates.now(info.name), info.name === chosen);
  }

  /** Rows that stay are the same elements, so that one that has the focus keeps it. */
  #arrange(names: readonly string[]): void {
    const before = this.#rows;
    this.#rows = new Map(names.map((name) => [name, before.get(name) ?? new Row(name, this.#choose)]));
    for (const [name, { element }] of before) if (!this.#rows.has(name)) element.remove();
    let at = this.#body.firstElementChild;
    for (const { element } of this.#rows.values()) {
      if (element === at) at = at.nextElementSibling;
      else this.#body.insertBefore(element, at);
    }
  }
}
