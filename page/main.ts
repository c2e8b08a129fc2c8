/** The page of a server: its functions, an editor, calls, versions and memory. */

import './style.css';
import {
  ask,
  type FunctionInfo,
  type FunctionList,
  hasToken,
  messageOf,
  ProblemError,
  pathOf,
  send,
  setToken,
} from './api.ts';
import { CallView } from './call-view.ts';
import { Chart } from './chart.ts';
import { byId, say, setText } from './dom.ts';
import { Editor } from './editor.ts';
import { FunctionsView } from './functions-view.ts';
import { MemoryView } from './memory-view.ts';
import { Rates } from './rates.ts';
import { VersionsView } from './versions-view.ts';

const POLL_MS = 1000;
/** Functions that are shown at a time: each is asked for once a second. */
const SHOWN = 20;

class Page {
  readonly #status = byId('status', HTMLParagraphElement);
  readonly #tokenForm = byId('token-form', HTMLFormElement);
  readonly #first = byId('first-page', HTMLButtonElement);
  readonly #next = byId('next-page', HTMLButtonElement);
  readonly #name = byId('name', HTMLInputElement);
  readonly #rates = new Rates();
  readonly #chart = new Chart();
  readonly #editor = new Editor();
  readonly #memory = new MemoryView();
  readonly #functions = new FunctionsView((name) => void this.#choose(name));
  readonly #versions = new VersionsView(() => this.#refresh());
  readonly #call = new CallView(
    () => this.#showMemory(),
    (pages) => this.#memory.showDirty(pages),
  );
  #chosen: string | undefined;
  #info: FunctionInfo | undefined;
  #after: string | undefined;
  #following: string | undefined;
  #refreshing: Promise<void> | undefined;

  start(): void {
    byId('deploy-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#deploy();
    });
    this.#tokenForm.addEventListener('submit', (event) => {
      event.preventDefault();
      const field = byId('token', HTMLInputElement);
      setToken(field.value);
      field.value = '';
      void this.#refresh();
    });
    this.#first.addEventListener('click', () => void this.#turnTo(undefined));
    this.#next.addEventListener('click', () => void this.#turnTo(this.#following));
    // Before the editor, which has a use for these keys.
    document.addEventListener('keydown', (event) => this.#pressed(event), { capture: true });
    document.addEventListener('visibilitychange', () => void this.#poll());
    setInterval(() => void this.#poll(), POLL_MS);
    void this.#refresh();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void this.#call.call();
  }

  async #poll(): Promise<void> {
    const isWanted = document.visibilityState === 'visible' && this.#tokenForm.hidden;
    if (isWanted && this.#refreshing === undefined) await this.#refresh();
  }

  /** One at a time: who wants it meanwhile gets the one after. */
  async #refresh(): Promise<void> {
    while (this.#refreshing !== undefined) await this.#refreshing;
    this.#refreshing = this.#read();
    await this.#refreshing;
    this.#refreshing = undefined;
  }

  async #read(): Promise<void> {
    try {
      const after = this.#after === undefined ? '' : `&after=${encodeURIComponent(this.#after)}`;
      const list = await ask<FunctionList>(`v1/functions?limit=${SHOWN}${after}`);
      const names = new Set(list.functions.map(({ name }) => name));
      if (this.#chosen !== undefined) names.add(this.#chosen);
      const found = await Promise.all(Array.from(names, describe));
      this.#show(
        list,
        found.filter((info) => info !== undefined),
      );
      say(this.#status, 'Connected');
      this.#tokenForm.hidden = true;
    } catch (error) {
      this.#fail(error);
    }
  }

  #show(list: FunctionList, found: readonly FunctionInfo[]): void {
    const now = Date.now();
    this.#rates.keep(new Set(found.map(({ name }) => name)));
    for (const { name, counters } of found) this.#rates.read(name, counters.calls, now);
    this.#chosen ??= found[0]?.name;
    this.#info = found.find(({ name }) => name === this.#chosen);
    if (this.#info === undefined) this.#chosen = undefined;
    const listed = new Set(list.functions.map(({ name }) => name));
    this.#functions.show(
      found.filter(({ name }) => listed.has(name)),
      this.#rates,
      this.#chosen,
    );
    this.#following = list.next;
    this.#first.disabled = this.#after === undefined;
    this.#next.disabled = list.next === undefined;
    this.#showChosen();
  }

  #showChosen(): void {
    const info = this.#info;
    setText(
      byId('chart-title', HTMLHeadingElement),
      info === undefined ? 'Calls per second' : `Calls per second: ${info.name}`,
    );
    setText(byId('call-title', HTMLHeadingElement), info === undefined ? 'Call' : `Call ${info.name}`);
    this.#chart.show(info?.name, this.#rates.series(info?.name ?? ''));
    this.#call.show(info);
    this.#versions.show(info);
    this.#showMemory();
  }

  #showMemory(): void {
    const { naming } = this.#call;
    void this.#memory.show(this.#info?.name, naming, JSON.stringify(this.#info?.aliases));
  }

  #fail(error: unknown): void {
    const isToken = error instanceof ProblemError && error.problem.status === 401;
    if (isToken) {
      say(
        this.#status,
        hasToken() ? 'The server does not know this token.' : 'A token is needed.',
        hasToken(),
      );
      if (!this.#tokenForm.hidden) return;
      this.#tokenForm.hidden = false;
      byId('token', HTMLInputElement).focus();
    } else say(this.#status, messageOf(error), true);
  }

  async #choose(name: string): Promise<void> {
    this.#chosen = name;
    this.#name.value = name;
    await this.#refresh();
  }

  async #turnTo(after: string | undefined): Promise<void> {
    this.#after = after;
    await this.#refresh();
  }

  async #deploy(): Promise<void> {
    const said = byId('deployed', HTMLParagraphElement);
    const name = this.#name.value;
    const activate = byId('activate', HTMLInputElement).checked;
    say(said, `Deploying ${name}…`);
    try {
      const { text } = await send(`${pathOf(name)}?activate=${activate}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/javascript' },
        body: this.#editor.source,
      });
      const { revision, created } = JSON.parse(text) as { revision: number; created: boolean };
      await this.#choose(name);
      say(
        said,
        created ? `${name} has revision ${revision} now.` : `${name} has it already: revision ${revision}.`,
      );
    } catch (error) {
      say(said, messageOf(error), true);
    }
  }
}

/** `undefined` when it was removed meanwhile. */
async function describe(name: string): Promise<FunctionInfo | undefined> {
  try {
    return await ask<FunctionInfo>(pathOf(name));
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return undefined;
    throw error;
  }
}

new Page().start();
