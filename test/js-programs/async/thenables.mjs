// await and resolve treat anything with a callable then as a promise.
export default async () => {
  const log = [];
  const t = (name, f) => ({
    get then() {
      log.push(`get ${name}`);
      return f;
    },
  });
  const out = [];
  out.push(await t('ok', (res) => res('v')));
  out.push(await t('nested', (res) => res(t('inner', (r) => r('deep')))));
  out.push((await t('not callable', 5)) instanceof Object);
  out.push(
    await t('twice', (res, rej) => {
      res(1);
      rej(2);
      res(3);
      throw new Error('ignored');
    }),
  );
  out.push(
    await Promise.resolve(
      t('throws', () => {
        throw 'thrown';
      }),
    ).catch((e) => e),
  );
  out.push(await Promise.reject(t('not unwrapped', () => {})).catch((e) => typeof e));
  out.push(
    await new Promise((res) =>
      res({
        get then() {
          throw 'getter';
        },
      }),
    ).catch((e) => e),
  );
  const self = new Promise((r) => {
    setTimeoutLike = () => r(self);
  });
  setTimeoutLike();
  out.push(await self.catch((e) => e.name));
  Number.prototype.then = (f) => f('from a number');
  out.push(await 5);
  delete Number.prototype.then;
  const fn = () => {};
  fn.then = (f) => f('function thenable');
  out.push(await fn);
  const order = [];
  await Promise.all([
    Promise.resolve({
      then: (f) => {
        order.push('then called');
        f();
      },
    }).then(() => order.push('thenable')),
    Promise.resolve(Promise.resolve()).then(() => order.push('native')),
  ]);
  class Lazy {
    #f;
    constructor(f) {
      this.#f = f;
    }
    then(a, b) {
      log.push('started');
      return Promise.resolve().then(this.#f).then(a, b);
    }
  }
  const lazy = new Lazy(() => 'lazily');
  log.push('not yet');
  out.push(await lazy, await lazy);
  return { out, log, order };
};
let setTimeoutLike;
