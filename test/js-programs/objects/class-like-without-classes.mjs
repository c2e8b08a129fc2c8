// Prototypes by Object.create, factories, delegation, method borrowing, mixins by assign.
export default () => {
  const Animal = {
    init(n) {
      this.n = n;
      return this;
    },
    hi() {
      return `${this.n} ${this.sound ?? '...'}`;
    },
  };
  const Dog = Object.assign(Object.create(Animal), {
    sound: 'woof',
    hi() {
      return `${Animal.hi.call(this)}!`;
    },
  });
  const rex = Object.create(Dog).init('rex');
  const swim = {
    swim() {
      return `${this.n} swims`;
    },
    get wet() {
      return true;
    },
  };
  const both = Object.assign(Object.create(rex), swim);
  const acc = Object.create(rex, Object.getOwnPropertyDescriptors(swim));
  const make = (n, self = { n }) => Object.assign(self, { hi: () => self.n });
  const m = make('fac');
  const { hi } = m;
  const borrowed = Dog.hi.call({ n: 'cat' });
  Animal.late = () => 'late';
  Dog.sound = 'arf';
  return [
    rex.hi(),
    both.swim(),
    both.hi(),
    Object.keys(both),
    acc.wet,
    Object.hasOwn(rex, 'hi'),
    hi(),
    borrowed,
    rex.late(),
    rex.hi(),
    Dog.isPrototypeOf(both),
    Object.getPrototypeOf(rex) === Dog,
    delete Dog.hi,
    rex.hi(),
    Reflect.ownKeys(acc),
  ];
};
