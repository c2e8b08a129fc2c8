// What is hoisted: var (undefined), functions (whole), let, const and class (not to be touched yet).
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const out = [];
  out.push(typeof hoistedVar, typeof hoistedFn, hoistedFn());
  var hoistedVar = 1;
  function hoistedFn() {
    return 'whole';
  }
  out.push(
    nameOf(() => later),
    nameOf(() => typeof later),
    nameOf(() => {
      later = 3;
    }),
  );
  let later = 2;
  out.push(
    nameOf(() => later),
    nameOf(() => new Early()),
  );
  class Early {}
  out.push(nameOf(() => typeof new Early()));
  out.push(nameOf(() => typeof neverDeclared));
  out.push(nameOf(() => neverDeclared));
  out.push(
    nameOf(() => {
      neverDeclared = 1;
    }),
  );
  {
    function inner() {
      return 'block';
    }
    out.push(inner());
  }
  out.push(
    nameOf(() => {
      (0, eval)('const c = 1; c = 2;');
    }),
    nameOf(() => {
      (0, eval)('const c = 1; c += 2;');
    }),
  );
  const defaults = (a = b, b = 1) => [a, b];
  out.push(
    nameOf(() => defaults()),
    nameOf(() => defaults(5).join()),
  );
  const self = () =>
    nameOf(() => {
      const x = x + 1;
    });
  out.push(self());
  out.push(
    nameOf(() => {
      class C extends C {}
    }),
  );
  {
    let later = 'shadow';
    out.push(later);
  }
  out.push(later, hoistedVar);
  return out;
};
