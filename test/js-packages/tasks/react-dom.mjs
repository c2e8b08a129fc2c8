import {
  createContext,
  createElement as h,
  Suspense,
  useContext,
  useId,
  useMemo,
  useReducer,
  useState,
} from 'react';
import { renderToStaticMarkup, renderToString } from 'react-dom/server';

const Theme = createContext('light');

function Item({ children }) {
  const id = useId();
  return h('li', { id: id.length > 0 ? 'i' : '', className: useContext(Theme) }, children);
}

function List({ items }) {
  const [state] = useReducer((n) => n + 1, 5);
  const [sorted] = useState(() => [...items].sort());
  const sum = useMemo(() => items.length + state, [items, state]);
  return h(
    'ul',
    { style: { zIndex: 1, marginTop: 3 }, 'data-sum': sum },
    sorted.map((item) => h(Item, { key: item }, item)),
  );
}

export default () => [
  renderToStaticMarkup(h(Theme.Provider, { value: 'dark' }, h(List, { items: ['b', '<a>', 'c & d'] }))),
  renderToString(
    h(
      'div',
      null,
      'a',
      1,
      h('input', { defaultValue: '"', disabled: true }),
      h(Suspense, { fallback: 'wait' }, h('b', null, 'in')),
    ),
  ),
  renderToStaticMarkup(h('p', { dangerouslySetInnerHTML: { __html: '<i>x</i>' } })),
];
