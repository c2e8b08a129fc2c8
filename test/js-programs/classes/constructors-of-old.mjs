// Function constructors, prototypes and what a class adds to them.
export default () => {
  function Animal(name) {
    this.name = name;
  }
  Animal.prototype.speak = function () {
    return `${this.name} speaks`;
  };
  Animal.kinds = ['any'];
  function Dog(name) {
    Animal.call(this, name);
  }
  Dog.prototype = Object.create(Animal.prototype, {
    constructor: { value: Dog, writable: true, configurable: true },
  });
  Dog.prototype.speak = function () {
    return `${Animal.prototype.speak.call(this)} woof`;
  };
  class Puppy extends Dog {
    speak() {
      return `${super.speak()} yip`;
    }
  }
  const p = new Puppy('Rex');
  function Weird() {
    this.a = 1;
    return [1, 2];
  }
  function Prim() {
    this.a = 1;
    return 'ignored';
  }
  const arrow = () => {};
  const tries = [arrow, { m() {} }.m, async () => {}, function* () {}, Math.max, Symbol].map((f) => {
    try {
      new f();
      return 'ok';
    } catch (e) {
      return e.name;
    }
  });
  const before = new Dog('x');
  Dog.prototype = { replaced: true };
  return {
    speak: p.speak(),
    ctor: [p.constructor.name, Object.getPrototypeOf(Puppy) === Dog, Puppy.kinds === undefined],
    weird: [Array.isArray(new Weird()), new Prim().a],
    tries,
    replaced: [before instanceof Dog, new Dog('y').replaced, before.speak()],
    isProto: [
      Animal.prototype.isPrototypeOf(p),
      Object.getPrototypeOf(Object.getPrototypeOf(p)) === before.constructor.prototype,
    ],
    enumer: [Object.keys(Animal.prototype), Object.keys(Puppy.prototype)],
    setProto: Object.setPrototypeOf({ name: 'Obj' }, Animal.prototype).speak(),
    noproto: [arrow.prototype === undefined, 'prototype' in Math.max, typeof function* () {}.prototype],
  };
};
