// Functions made in the list of parameters share the parameters with the body, unless it declares a variable.
function assigned(a, get = () => a, set = (v) => (a = v)) {
  a = 2;
  const first = get();
  set(3);
  return [first, a, get(), arguments[0]];
}
function declared(a, get = () => a) {
  var a = 2;
  return [a, get()];
}
function named(a, get = () => a) {
  function a() {}
  return [typeof a, get()];
}
function destructured({ a, b: [c] }, get = () => [a, c], { d = () => c } = {}) {
  a++;
  c += 'x';
  return [a, c, get(), d()];
}
function inner(a, get = () => a) {
  const later = () => {
    a += 10;
    return a;
  };
  {
    let a = 'block';
    a += '!';
  }
  return [later(), get(), a];
}
function* generator(a, get = () => a) {
  while (a < 3) {
    yield [a, get()];
    a++;
  }
  return get();
}
async function later(a, get = () => a) {
  a = await Promise.resolve(a + 1);
  return [a, get()];
}
const arrow = (
  a,
  all = {
    get: () => a,
    set v(x) {
      a = x;
    },
  },
  ...rest
) => {
  rest.push(a);
  for (const x of [1, 2]) a += x;
  all.v = a * 2;
  return [a, all.get(), rest];
};
class Method {
  run(a, get = () => [a, this.n]) {
    [a, this.n] = [a * 2, 'n'];
    return get();
  }
}
function looped(n, fns = [() => n]) {
  for (let i = 0; i < 2; i++) fns.push(() => n + i);
  n *= 10;
  return fns.map((f) => f());
}
function shadowed(a, get = () => a) {
  try {
    throw 'thrown';
  } catch (a) {
    a += '!';
  }
  return [typeof a, get(), (() => (a = 'last'))(), get()];
}
export default async () => ({
  assigned: assigned(1),
  declared: declared(1),
  named: named(1),
  destructured: destructured({ a: 1, b: ['c'] }),
  inner: inner(1),
  generator: [...generator(0)],
  later: await later(1),
  arrow: arrow(1, undefined, 'r'),
  twice: [assigned('x'), assigned('y')],
  method: new Method().run(4),
  looped: looped(1),
  shadowed: shadowed(1),
  lengths: [assigned.length, declared.length, arrow.length],
});
