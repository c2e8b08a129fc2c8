import {
  applyPatches,
  current,
  enableMapSet,
  enablePatches,
  isDraft,
  produce,
  produceWithPatches,
} from 'immer';

export default () => {
  enablePatches();
  enableMapSet();
  const base = {
    list: [1, { a: 1 }],
    map: new Map([['k', { n: 1 }]]),
    set: new Set([1]),
    deep: { x: { y: 1 } },
  };
  const [next, patches, inverse] = produceWithPatches(base, (draft) => {
    draft.list[1].a += 1;
    draft.list.push(3);
    draft.map.get('k').n = 5;
    draft.set.add(2);
    delete draft.deep.x.y;
  });
  const same = produce(base, (draft) => {
    draft.deep.x.y = 1;
  });
  return {
    next: [next.list, [...next.map], [...next.set], next.deep],
    shared: same === base,
    frozen: Object.isFrozen(next.list),
    patches: patches.map(({ op, path }) => [op, path.join('/')]),
    back: applyPatches(next, inverse).list,
    draft: produce({ a: 1 }, (draft) => ({ seen: isDraft(draft), copy: current(draft) })),
  };
};
