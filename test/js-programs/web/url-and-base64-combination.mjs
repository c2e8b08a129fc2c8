// Data URLs, signed links and state packed in a fragment.
export default () => {
  const b64 = (s) => btoa(String.fromCharCode(...new TextEncoder().encode(s)));
  const un = (s) => new TextDecoder().decode(Uint8Array.from(atob(s), (c) => c.charCodeAt(0)));
  const u = new URL('https://app.test/view');
  u.hash = encodeURIComponent(b64(JSON.stringify({ q: 'é&=#', n: [1, 2] })));
  const back = JSON.parse(un(decodeURIComponent(new URL(u.href).hash.slice(1))));
  const data = new URL(`data:text/plain;base64,${b64('hi ✓')}`);
  const sign = (url, key) => {
    const x = new URL(url);
    x.searchParams.sort();
    let h = 5381;
    for (const c of x.pathname + x.search + key) h = ((h * 33) ^ c.charCodeAt(0)) >>> 0;
    x.searchParams.set('sig', h.toString(36));
    return x.href;
  };
  const verify = (s, key) => {
    const x = new URL(s);
    const sig = x.searchParams.get('sig');
    x.searchParams.delete('sig');
    return new URL(sign(x.href, key)).searchParams.get('sig') === sig;
  };
  const s = sign('https://h/p?b=2&a=1', 'k');
  return [
    u.href,
    back,
    data.protocol,
    un(data.pathname.split(',')[1]),
    s,
    verify(s, 'k'),
    verify(s, 'other'),
    verify(s.replace('b=2', 'b=3'), 'k'),
    b64(''),
    un(''),
  ];
};
