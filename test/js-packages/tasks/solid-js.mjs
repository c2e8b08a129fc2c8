import { batch, createEffect, createMemo, createRoot, createSignal, mergeProps, on, untrack } from 'solid-js';
import { createStore, produce, unwrap } from 'solid-js/store';

export default () =>
  createRoot((dispose) => {
    const log = [];
    const [count, setCount] = createSignal(1);
    const twice = createMemo(() => count() * 2);
    createEffect(on(count, (value) => log.push(value)));
    const [store, setStore] = createStore({ list: [{ n: 1 }], deep: { x: 1 } });
    setStore('list', 0, 'n', (n) => n + 1);
    setStore(produce((state) => state.list.push({ n: 9 })));
    batch(() => {
      setCount(2);
      setCount((value) => value + 5);
    });
    const result = {
      count: count(),
      twice: twice(),
      store: unwrap(store),
      props: mergeProps({ a: 1, b: 2 }, { b: 3 }).b,
      free: untrack(count),
      log,
    };
    dispose();
    return result;
  });
