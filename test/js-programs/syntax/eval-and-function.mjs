// Code from text: indirect eval is global, Function makes closures over nothing.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const local = 'local';
  const indirect = eval;
  const add = new Function('a', 'b', 'return a + b');
  const defaults = new Function('a, b = 2', '...rest', 'return [a, b, rest]');
  const sloppy = new Function('return typeof this');
  const GeneratorFunction = Object.getPrototypeOf(function* () {}).constructor;
  const gen = new GeneratorFunction('n', 'while (n > 0) yield n--');
  return [
    indirect('1 + 2'),
    indirect('typeof local'),
    indirect('({a: 1}).a'),
    indirect('var q = 5; q * 2; if (true) { 7 }'),
    indirect('"use strict"; let z = 3; z'),
    add(2, 3),
    add.length,
    add.name,
    defaults(1, undefined, 3, 4),
    sloppy.call(undefined),
    [...gen(3)],
    nameOf(() => indirect('1 +')),
    nameOf(() => new Function('return }')),
    nameOf(() => indirect('let a; let a;')),
    nameOf(() => indirect('throw new RangeError("x")')),
    nameOf(() => new Function('a', 'a', '"use strict"')),
    eval('local + "!"'),
    nameOf(() => eval('var hidden = 1; hidden')),
    nameOf(() => hidden),
    indirect(5),
    typeof indirect('(function(){})'),
    indirect('do { 9; break; } while (0)'),
    String(indirect('')),
  ];
};
