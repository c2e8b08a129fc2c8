import { Children, cloneElement, createContext, createElement, Fragment, isValidElement, memo } from 'react';

export default () => {
  const Theme = createContext('light');
  const Item = memo(({ n }) => createElement('li', null, n));
  const list = createElement(
    'ul',
    { key: 'k', className: 'a' },
    [1, 2].map((n) => createElement(Item, { key: n, n })),
    null,
    'text',
  );
  const kinds = Children.toArray(list.props.children).map((child) =>
    isValidElement(child) ? [child.key, child.props] : child,
  );
  const copy = cloneElement(list, { id: 'new' }, 'only');
  let problem;
  try {
    Children.only([1, 2]);
  } catch ({ name }) {
    problem = name;
  }
  return {
    kinds,
    key: list.key,
    count: Children.count(list.props.children),
    copy: copy.props,
    fragment: createElement(Fragment).type === Fragment,
    theme: Theme.Provider !== undefined,
    problem,
    json: JSON.stringify(createElement('b', { a: 1 })).includes('"type":"b"'),
  };
};
