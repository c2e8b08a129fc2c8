import { Component, cloneElement, createContext, Fragment, h, isValidElement, toChildArray } from 'preact';

class Counter extends Component {
  render({ start }, _state) {
    return h('b', null, start + 1);
  }
}

export default () => {
  const Theme = createContext('light');
  const tree = h(
    'div',
    { id: 'a', key: 'k' },
    h(Counter, { start: 1 }),
    h(Fragment, null, 'x', [h('i', null, 2)]),
    null,
    false,
  );
  const copy = cloneElement(tree, { class: 'new' }, 'only');
  return {
    type: tree.type,
    key: tree.key,
    props: Object.keys(tree.props),
    children: toChildArray(tree.props.children).map((child) =>
      isValidElement(child) ? String(child.type.name ?? child.type) : child,
    ),
    copy: [copy.props.class, copy.props.children, copy.key],
    provider: typeof Theme.Provider,
    rendered: new Counter().render({ start: 4 }).props.children,
    valid: [isValidElement(tree), isValidElement({})],
  };
};
