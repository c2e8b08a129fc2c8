// Running out of stack is an error like any other: it can be caught, and the program goes on.
export default () => {
  let depth = 0;
  const down = () => {
    depth++;
    return down() + 1;
  };
  const kinds = [];
  for (let i = 0; i < 3; i++) {
    try {
      down();
    } catch (e) {
      kinds.push(e instanceof Error, e.message.length > 0);
    }
  }
  const viaGetter = {
    get x() {
      return this.x;
    },
  };
  try {
    viaGetter.x;
  } catch (e) {
    kinds.push(e instanceof Error);
  }
  const viaString = {
    toString() {
      return `${this}`;
    },
  };
  try {
    `${viaString}`;
  } catch (e) {
    kinds.push(e instanceof Error);
  }
  let fin = false;
  const f = () => {
    try {
      return f();
    } finally {
      fin = true;
    }
  };
  try {
    f();
  } catch {
    kinds.push('caught');
  }
  const p = new Proxy({}, { get: (t, k, r) => r[k] });
  try {
    p.x;
  } catch (e) {
    kinds.push(e instanceof Error);
  }
  return { kinds, deepEnough: depth > 300, fin, still: [1, 2, 3].map((x) => x * 2) };
};
