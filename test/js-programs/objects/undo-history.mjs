// Immutable updates by path, structural sharing, undo and redo.
const setIn = (o, [k, ...rest], f) => {
  const copy = Array.isArray(o) ? [...o] : { ...o };
  copy[k] = rest.length ? setIn(o?.[k] ?? {}, rest, f) : f(o?.[k]);
  return copy;
};
class History {
  #past = [];
  #future = [];
  constructor(s) {
    this.state = s;
  }
  update(path, f) {
    this.#past.push(this.state);
    this.#future = [];
    this.state = setIn(this.state, path.split('.'), typeof f === 'function' ? f : () => f);
    return this;
  }
  undo() {
    if (this.#past.length) {
      this.#future.push(this.state);
      this.state = this.#past.pop();
    }
    return this;
  }
  redo() {
    if (this.#future.length) {
      this.#past.push(this.state);
      this.state = this.#future.pop();
    }
    return this;
  }
  get depth() {
    return [this.#past.length, this.#future.length];
  }
}
const patch = (a, b, at = []) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((k) =>
    a[k] === b[k]
      ? []
      : typeof a[k] === 'object' && typeof b[k] === 'object'
        ? patch(a[k], b[k], [...at, k])
        : [
            {
              path: [...at, k].join('/'),
              op: !(k in b) ? 'remove' : k in a ? 'replace' : 'add',
              ...(k in b && { value: b[k] }),
            },
          ],
  );
export default () => {
  const h = new History({ user: { name: 'A', tags: ['x', 'y'] }, settings: { dark: false } });
  const s0 = h.state;
  h.update('user.name', 'B')
    .update('user.tags.1', (t) => t.toUpperCase())
    .update('settings.font.size', 12);
  const s3 = h.state;
  const shared = [
    s0.settings === s3.settings,
    s0.user === s3.user,
    s0.user.tags === h.update('user.name', 'C').state.user.tags,
  ];
  h.undo().undo();
  const mid = h.depth;
  const back = h.state.settings.font === undefined;
  h.redo();
  return {
    s0,
    s3,
    shared,
    mid,
    back,
    now: h.state,
    end: h.undo().undo().undo().undo().depth,
    same: h.state === s0,
    patch: patch(s0, s3),
  };
};
