/** The memory that calls of a version start from. */

import { ask, type MemoryMap, type MemoryRegion, messageOf, pathOf } from './api.ts';
import { byId, make, say } from './dom.ts';
import { bytesText, countText } from './format.ts';

const PAGE = 4096;
const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 1000;

export class MemoryView {
  readonly #note = byId('memory-note', HTMLParagraphElement);
  readonly #regions = byId('regions', HTMLOListElement);
  readonly #dirty = byId('dirty', HTMLParagraphElement);
  #shown = '';

  /** `version` is what tells one map from another: they never change. */
  async show(name: string | undefined, naming: string, version: string): Promise<void> {
    const wanted = JSON.stringify([name, naming, version]);
    if (name === undefined || naming === '' || wanted === this.#shown) return;
    this.#shown = wanted;
    try {
      const map = await ask<MemoryMap>(`${pathOf(name, '/memory')}?${naming}`);
      if (wanted === this.#shown) this.#draw(name, map);
    } catch (error) {
      if (wanted !== this.#shown) return;
      say(this.#note, messageOf(error), true);
      this.#regions.replaceChildren();
    }
  }

  /** How many pages were put back before the last call. */
  showDirty(pages: number | undefined): void {
    const text = `${countText(pages ?? 0, 'page')} put back before the last call`;
    say(this.#dirty, pages === undefined ? '' : `${text}: ${bytesText(pages * PAGE)}.`);
  }

  #draw(name: string, { revision, regions, snapshotBytes }: MemoryMap): void {
    const { own, shared } = snapshotBytes;
    say(
      this.#note,
      `Revision ${revision} of ${name} holds ${bytesText(own)} of its own, ${bytesText(shared)} shared. ` +
        'Bars have a logarithmic scale.',
    );
    const most = Math.max(...regions.map(({ bytes }) => bytes));
    this.#regions.replaceChildren(...regions.map((region) => regionItem(region, most)));
  }
}

function regionItem(region: MemoryRegion, most: number): HTMLLIElement {
  const { name, gva, bytes, rights, ring } = region;
  return make(
    'li',
    { className: 'region', title: `from ${gva}, ring ${ring}` },
    make('span', { textContent: name }),
    make('code', { textContent: rights }),
    make('span', { textContent: bytesText(bytes) }),
    bar(region, most),
  );
}

function bar({ bytes, rights }: MemoryRegion, most: number): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg') as SVGSVGElement;
  svg.setAttribute('class', 'bar');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} 10`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  const rect = document.createElementNS(SVG, 'rect');
  const share = (Math.log2(bytes / PAGE) + 1) / (Math.log2(most / PAGE) + 1);
  rect.setAttribute('width', String(Math.round(WIDTH * share)));
  rect.setAttribute('height', '10');
  rect.setAttribute('class', rights.includes('x') ? 'run' : rights.includes('w') ? 'write' : 'read');
  svg.append(rect);
  return svg;
}
