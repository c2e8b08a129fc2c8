// What this and the arguments are in the callbacks of the library.
export default async () => {
  const T = { tag: 't' };
  const who = function () {
    return this?.tag ?? typeof this;
  };
  const res = {};
  for (const m of ['map', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'flatMap', 'forEach']) {
    let w;
    const a = [];
    [7][m](function (...args) {
      w = who.call(this);
      a.push(args.length);
      return true;
    }, T);
    let u;
    [7][m](function () {
      u = who.call(this);
      return true;
    });
    res[m] = [w, u, a[0]];
  }
  const extra = [];
  [1].reduce(function (...a) {
    extra.push(a.length, typeof this);
  }, 0);
  'a'.replace(/a/, function (...a) {
    extra.push(a.length, typeof this);
    return '';
  });
  JSON.parse('1', function (...a) {
    extra.push(a.length, typeof this);
    return a[1];
  });
  JSON.stringify(1, function (...a) {
    extra.push(a.length, typeof this);
    return a[1];
  });
  [2, 1].sort(function (...a) {
    extra.push(a.length, typeof this);
    return 0;
  });
  Array.from(
    [1],
    function (...a) {
      extra.push(a.length, who.call(this));
    },
    T,
  );
  new Map([[1, 2]]).forEach(function (...a) {
    extra.push(a.length, who.call(this));
  }, T);
  await Promise.resolve(1).then(function (...a) {
    extra.push(a.length, typeof this);
  });
  await new Promise(function (r, j) {
    extra.push(arguments.length, typeof this, r.length, j.length);
    r();
  });
  await new Promise((r) =>
    queueMicrotask(function (...a) {
      extra.push(a.length);
      r();
    }),
  );
  return { res, extra };
};
