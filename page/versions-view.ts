/** The versions of a function, and which of them is live. */

import { type FunctionInfo, messageOf, pathOf, send, type VersionInfo } from './api.ts';
import { byId, make, say } from './dom.ts';
import { bytesText } from './format.ts';

export class VersionsView {
  readonly #list = byId('version-list', HTMLOListElement);
  readonly #rollBack = byId('roll-back', HTMLButtonElement);
  readonly #said = byId('changed', HTMLParagraphElement);
  readonly #changed: () => Promise<void>;
  #name: string | undefined;
  #shown = '';

  /** `changed` after each change. */
  constructor(changed: () => Promise<void>) {
    this.#changed = changed;
    this.#rollBack.addEventListener('click', () => {
      void this.#change('Rolled back.', '/rollback', { method: 'POST' });
    });
  }

  show(info: FunctionInfo | undefined): void {
    if (info?.name !== this.#name) say(this.#said, '');
    this.#name = info?.name;
    this.#rollBack.disabled = !(info?.canRollBack ?? false);
    const { versions = [], live = [], name } = info ?? {};
    const shown = JSON.stringify([name, versions.map(({ revision }) => revision), live]);
    if (shown === this.#shown) return; // a button that has the focus stays
    this.#shown = shown;
    const weights = new Map(live.map(({ revision, weight }) => [revision, weight]));
    this.#list.replaceChildren(
      ...versions.map((version) => this.#item(version, weights.get(version.revision))),
    );
  }

  #item(version: VersionInfo, weight: number | undefined): HTMLLIElement {
    const { revision, bytes, createdAt } = version;
    const live = weight === undefined ? '' : weight === 100 ? ', live' : `, live for ${weight} of 100 calls`;
    const button = make('button', {
      type: 'button',
      textContent: 'Make live',
      disabled: weight === 100,
      onclick: () => void this.#makeLive(revision),
    });
    button.setAttribute('aria-label', `Make revision ${revision} live`);
    return make(
      'li',
      {},
      make(
        'div',
        {},
        make('strong', { textContent: `Revision ${revision}${live}` }),
        make('br'),
        make('code', { textContent: version.version.slice(0, 12), title: version.version }),
        make('small', { textContent: ` ${bytesText(bytes)}, ${new Date(createdAt).toLocaleString()}` }),
      ),
      button,
    );
  }

  async #makeLive(revision: number): Promise<void> {
    await this.#change(`Revision ${revision} is live.`, '/aliases/live', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version: String(revision) }),
    });
  }

  async #change(done: string, path: string, sent: Parameters<typeof send>[1]): Promise<void> {
    if (this.#name === undefined) return;
    try {
      await send(pathOf(this.#name, path), sent);
      say(this.#said, done);
    } catch (error) {
      say(this.#said, messageOf(error), true);
    }
    await this.#changed();
  }
}
