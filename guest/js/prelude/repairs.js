// What core-js does otherwise than the web.

/** A URL that was given a bad `href` keeps the one it has. */
export function repairHref() {
  const { get, set } = Object.getOwnPropertyDescriptor(URL.prototype, 'href');
  Object.defineProperty(URL.prototype, 'href', {
    get,
    set(value) {
      set.call(this, new URL(value).href);
    },
    enumerable: true,
    configurable: true,
  });
}
