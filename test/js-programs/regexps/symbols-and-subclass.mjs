// The protocol behind match, replace, search and split; a subclass with its own exec.
export default () => {
  const log = [];
  class Traced extends RegExp {
    exec(s) {
      const r = super.exec(s);
      log.push(r ? `${r.index}:${r[0]}` : 'null');
      return r;
    }
    static get [Symbol.species]() {
      log.push('species');
      return RegExp;
    }
  }
  const t = new Traced('[ab]', 'g');
  const results = [
    'xaybz'.replace(t, (m) => m.toUpperCase()),
    'ab'.match(t),
    t.test('zzz'),
    'cab'.search(t),
    'xaxbx'.split(t),
  ];
  const fake = { exec: () => ({ 0: 'Q', index: 1, length: 1 }), flags: '', global: false };
  const viaFake = RegExp.prototype[Symbol.replace].call(fake, 'abc', '<$&>');
  const badExec = Object.assign(/a/, { exec: () => 5 });
  let bad;
  try {
    badExec.test('a');
  } catch (e) {
    bad = e.name;
  }
  const isRe = [
    RegExp(/x/g) instanceof RegExp,
    RegExp(/x/g) === /x/g,
    (() => {
      const r = /x/;
      return RegExp(r) === r;
    })(),
    (() => {
      const r = /x/;
      return new RegExp(r) === r;
    })(),
    new RegExp(/ab/gi, 'm').flags,
    new RegExp({ [Symbol.match]: true, source: 's', flags: 'g', constructor: 1 }).source,
  ];
  const proto = Object.getOwnPropertyNames(RegExp.prototype)
    .filter((n) => !/^(compile|unicodeSets)$/.test(n))
    .sort();
  return {
    results,
    log,
    viaFake,
    bad,
    isRe,
    proto,
    lastIndexOnly: Object.getOwnPropertyNames(/a/),
    toStr: RegExp.prototype.toString.call({ source: 's', flags: 'f' }),
  };
};
