// Defaults: lazily made, seeing earlier parameters, in a scope of their own.
export default () => {
  let n = 0;
  const next = () => ++n;
  const f = (a = next(), b = a * 2, c = () => a + b) => {
    a = 100;
    return [a, b, c()];
  };
  function scope(x, g = () => x) {
    var x = 'body';
    return [x, g()];
  }
  function scope2(x, g = () => x) {
    var x;
    const before = x;
    x = 'body';
    return [before, x, g()];
  }
  const outer = 'outer';
  function shadow(a = outer) {
    var outer = 'inner';
    return [a, outer];
  }
  const required = (name) => {
    throw new TypeError(name);
  };
  const must = (a = required('a')) => a;
  const names = [];
  for (const v of [undefined, null, 0, 1]) {
    try {
      names.push(must(v));
    } catch (e) {
      names.push(e.name);
    }
  }
  const deep = ({ a = 1, b: { c = a + 1 } = {} } = {}, [d = c, ...rest] = [undefined, 5]) => [a, c, d, rest];
  const self = (a, b = self.length) => b;
  function usesArgs(a = 1) {
    return arguments.length;
  }
  const chain = (a, b = a, c = b, d = c) => [a, b, c, d];
  return {
    f: [f(), f(1), f(undefined, 0)],
    n,
    scope: scope('arg'),
    scope2: scope2('arg'),
    shadow: shadow(),
    names,
    deep: [deep(), deep({ a: 5 }, []), deep({ b: {} }, [null])],
    self: self(),
    args: [usesArgs(), usesArgs(undefined)],
    chain: chain(3, undefined, 4),
    lens: [f.length, ((a, b = 1, c) => {}).length, ((...r) => {}).length, deep.length],
  };
};
