// A proxy with all thirteen traps, and which operation reaches which.
export default () => {
  const log = [];
  const target = function (a) {
    this.a = a;
  };
  const handler = new Proxy(
    {},
    {
      get:
        (_, trap) =>
        (...args) => {
          log.push(trap + (typeof args[1] === 'string' ? `:${args[1]}` : ''));
          return Reflect[trap](...args);
        },
    },
  );
  const p = new Proxy(target, handler);
  const mark = () => log.splice(0).join(' ');
  const out = {};
  p.x;
  out.get = mark();
  p.x = 1;
  out.set = mark();
  'x' in p;
  out.has = mark();
  delete p.x;
  out.delete = mark();
  Object.keys(p);
  out.keys = mark();
  Object.getOwnPropertyNames(p);
  out.names = mark();
  Object.defineProperty(p, 'd', { value: 1, configurable: true });
  out.define = mark();
  Object.getOwnPropertyDescriptor(p, 'd');
  out.desc = mark();
  Object.getPrototypeOf(p);
  out.proto = mark();
  Object.setPrototypeOf(p, Function.prototype);
  out.setProto = mark();
  Object.isExtensible(p);
  out.isExt = mark();
  new p(1);
  out.construct = mark();
  p.call({}, 1);
  out.call = mark();
  ({ ...p });
  out.spread = mark();
  for (const k in p) k;
  out.forIn = mark();
  p instanceof target;
  out.instance = mark();
  Object.assign(p, { y: 1 });
  out.assign = mark();
  JSON.stringify({ p });
  out.json = mark();
  Object.hasOwn(p, 'y');
  out.hasOwn = mark();
  p.y++;
  out.inc = mark();
  const { y, ...r } = p;
  out.rest = mark();
  Object.entries(p);
  out.entries = mark();
  Object.freeze(p);
  out.freeze = mark();
  Object.isFrozen(p);
  out.isFrozen = mark();
  return out;
};
