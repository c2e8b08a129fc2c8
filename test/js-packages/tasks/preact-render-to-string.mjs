import { Fragment, h } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { renderToString, renderToStringAsync } from 'preact-render-to-string';

function List({ items }) {
  const [n] = useState(items.length);
  const sorted = useMemo(() => items.toSorted?.() ?? [...items].sort(), [items]);
  return h(
    'ul',
    { class: 'l', style: { color: 'red', zIndex: 2 }, 'data-n': n },
    sorted.map((item) => h('li', { key: item }, item)),
  );
}

export default async () => [
  renderToString(h(List, { items: ['b', '<a>', 'c & d'] })),
  renderToString(
    h(
      Fragment,
      null,
      h('input', { checked: true, disabled: false, value: '"' }),
      h('p', { dangerouslySetInnerHTML: { __html: '<i>x</i>' } }),
    ),
  ),
  await renderToStringAsync(h('main', null, h(List, { items: [] }))),
];
