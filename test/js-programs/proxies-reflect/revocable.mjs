// Revoked proxies refuse everything.
export default () => {
  const { proxy, revoke } = Proxy.revocable({ a: 1 }, {});
  const fn = Proxy.revocable(() => 1, {});
  const before = [proxy.a, fn.proxy()];
  const outer = new Proxy(proxy, {});
  revoke();
  revoke();
  fn.revoke();
  const t = (f) => {
    try {
      return String(f());
    } catch (e) {
      return e.name;
    }
  };
  return {
    before,
    after: [
      t(() => proxy.a),
      t(() => {
        proxy.a = 1;
      }),
      t(() => 'a' in proxy),
      t(() => delete proxy.a),
      t(() => Object.keys(proxy)),
      t(() => Object.getPrototypeOf(proxy)),
      t(() => Array.isArray(proxy)),
      t(() => fn.proxy()),
      t(() => typeof proxy),
      t(() => typeof fn.proxy),
      t(() => proxy === proxy),
      t(() => outer.a),
      t(() => `${proxy}`),
      t(() => new Proxy(proxy, {}) && 'made'),
      t(() => JSON.stringify(proxy)),
      t(() => Object.prototype.toString.call(proxy)),
      t(() => new Map([[proxy, 'as key']]).get(proxy)),
      t(() => Object.isExtensible(proxy)),
      t(() => proxy instanceof Object),
      t(() => [].concat(proxy)),
    ],
  };
};
