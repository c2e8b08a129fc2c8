// Assignment where a prototype has the property: frozen, read only, with a setter, and in a proxy's way.
export default () => {
  const tried = (run) => {
    try {
      return run();
    } catch (error) {
      return error.name;
    }
  };
  const frozen = Object.freeze({ x: 1, toString: () => 'frozen' });
  const below = Object.create(frozen);
  const seen = [];
  const setting = Object.create({
    set x(value) {
      seen.push(value);
    },
  });
  setting.x = 5;
  class Base {
    get only() {
      return 1;
    }
  }
  const defined = Object.defineProperty(below, 'x', { value: 2, writable: true });
  const list = Object.create(Object.freeze([1, 2, 3]));
  return {
    assign: tried(() => {
      Object.create(frozen).x = 2;
      return 'assigned';
    }),
    added: tried(() => {
      below.y = 3;
      return below.y;
    }),
    redefined: tried(() => {
      defined.x = 4;
      return [defined.x, frozen.x];
    }),
    getter: tried(() => {
      new Base().only = 2;
      return 'assigned';
    }),
    index: tried(() => {
      list[0] = 9;
      return 'assigned';
    }),
    reflect: [Reflect.set(Object.create(frozen), 'x', 2), Reflect.set({}, 'x', 2, below)],
    seen,
    own: Object.keys(setting),
  };
};
