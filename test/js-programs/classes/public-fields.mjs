// Public fields: order, this, computed keys, define rather than set.
export default () => {
  const log = [];
  class Base {
    constructor() {
      log.push(`base sees ${this.field}`);
    }
    set late(v) {
      log.push('setter never runs');
    }
    field = (log.push('base field'), 1);
  }
  class Derived extends Base {
    field = (log.push(`derived was ${this.field}`), 2);
    late = 'defined';
    arrow = () => this.field;
    [`comp${1 + 1}`] = this.arrow();
    bare;
    'quoted key' = 3;
    7 = 'seven';
    static count = 0;
    static next = () => ++this.count;
    fn = function () {};
    anon = class {};
  }
  const d = new Derived();
  const { arrow } = d;
  d.field = 9;
  return {
    log,
    own: Object.keys(d),
    late: d.late,
    arrow: arrow(),
    comp2: d.comp2,
    bare: 'bare' in d,
    next: [Derived.next(), Derived.next(), Derived.count],
    names: [d.fn.name, d.anon.name, d.arrow.name],
    desc: Object.getOwnPropertyDescriptor(d, 'late'),
    shared: new Derived().arrow === d.arrow,
    seven: d[7],
  };
};
