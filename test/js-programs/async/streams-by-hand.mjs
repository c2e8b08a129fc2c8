// A tiny readable and transform stream: lines out of chunks, bytes counted, a tee.
export default async () => {
  async function* chunks(s, n) {
    for (let i = 0; i < s.length; i += n) {
      await null;
      yield s.slice(i, i + n);
    }
  }
  async function* lines(src) {
    let buf = '';
    for await (const c of src) {
      buf += c;
      const ls = buf.split('\n');
      buf = ls.pop();
      yield* ls;
    }
    if (buf) yield buf;
  }
  const tee = (src) => {
    const it = src[Symbol.asyncIterator](),
      qs = [[], []];
    const branch = (k) => ({
      async *[Symbol.asyncIterator]() {
        for (;;) {
          if (!qs[k].length) {
            const p = it.next();
            qs[0].push(p);
            qs[1].push(p);
          }
          const r = await qs[k].shift();
          if (r.done) return;
          yield r.value;
        }
      },
    });
    return [branch(0), branch(1)];
  };
  const all = async (s) => {
    const o = [];
    for await (const x of s) o.push(x);
    return o;
  };
  const text = 'one\ntwo\n\nthree is long\nend';
  const [a, b] = tee(chunks(text, 4));
  const [x, y] = await Promise.all([all(lines(a)), all(b)]);
  return {
    x,
    y: y.length,
    joined: y.join('') === text,
    sizes: await Promise.all([1, 3, 7, 100].map(async (n) => (await all(lines(chunks(text, n)))).length)),
    empty: await all(lines(chunks('', 3))),
  };
};
