/** Elements, whose content is text only: what functions say, and their names, are never markup. */

type Child = Node | string;

/** The element of the page's HTML with this id. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`the page has no ${id}`);
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Sets a text if it is another: nothing is drawn again that has not changed. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A text that says how something went. */
export function say(element: Element, text: string, isBad = false): void {
  setText(element, text);
  element.classList.toggle('bad', isBad);
}

/** Options of a select, which keeps its choice while it is among them. */
export function setOptions(select: HTMLSelectElement, options: readonly (readonly [string, string])[]): void {
  const now = Array.from(select.options, ({ value, text }) => [value, text]);
  if (JSON.stringify(now) === JSON.stringify(options)) return;
  const { value } = select;
  select.replaceChildren(...options.map(([value, text]) => make('option', { value, textContent: text })));
  if (options.some(([other]) => other === value)) select.value = value;
}
