// %TypedArray%, inheritance of statics, species, tags.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const TA = Object.getPrototypeOf(Int8Array);
  class Meters extends Float64Array {
    total() {
      return this.reduce((a, b) => a + b, 0);
    }
  }
  class Odd extends Uint8Array {
    static get [Symbol.species]() {
      return Uint16Array;
    }
  }
  const m = Meters.of(1.5, 2.5);
  return {
    ta: [
      TA.name,
      TA.length,
      nameOf(() => new TA()),
      Int8Array.prototype.__proto__ === TA.prototype,
      TA.prototype.constructor === TA,
    ],
    tag: [
      Uint8Array.prototype[Symbol.toStringTag] === undefined,
      new Uint8Array()[Symbol.toStringTag],
      Object.prototype.toString.call(new BigInt64Array(1)),
    ],
    sub: [
      m.total(),
      m.map((x) => x * 2).total(),
      m.subarray(1) instanceof Meters,
      Meters.from([1, 2]).total(),
      m.toSorted() instanceof Meters,
    ],
    odd: [
      new Odd([1, 2]).map((x) => x * 300).join(),
      new Odd(2).slice().constructor.name,
      new Odd(4).filter(() => true).constructor.name,
    ],
    values: TA.prototype.values === TA.prototype[Symbol.iterator],
    toStr: TA.prototype.toString === Array.prototype.toString,
    protoErr: [
      nameOf(() => TA.prototype.length),
      nameOf(() => TA.prototype.fill.call([], 1)),
      nameOf(() => Uint8Array.prototype.buffer),
    ],
    tooSmall: nameOf(() => {
      class S extends Uint8Array {
        static get [Symbol.species]() {
          return class {
            constructor() {
              return new Uint8Array(1);
            }
          };
        }
      }
      return new S(3).map((x) => x);
    }),
    own: Object.getOwnPropertyNames(Int8Array).sort(),
    bigSpecies: nameOf(() => {
      class B extends Uint8Array {
        static get [Symbol.species]() {
          return BigInt64Array;
        }
      }
      return new B(1).map((x) => x);
    }),
  };
};
