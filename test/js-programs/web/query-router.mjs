// A small router: URL, parameters, methods, middleware, all asynchronous.
const app = () => {
  const routes = [],
    mws = [];
  return {
    use(f) {
      mws.push(f);
      return this;
    },
    on(method, path, f) {
      routes.push({
        method,
        keys: [...path.matchAll(/:(\w+)/g)].map((m) => m[1]),
        re: new RegExp(`^${path.replace(/:\w+/g, '([^/]+)')}$`),
        f,
      });
      return this;
    },
    async handle(method, url) {
      const u = new URL(url, 'http://local');
      const ctx = { method, path: decodeURI(u.pathname), query: Object.fromEntries(u.searchParams), log: [] };
      const run = async (i) => {
        if (i < mws.length) return mws[i](ctx, () => run(i + 1));
        const hit = routes.filter((r) => r.re.test(ctx.path));
        if (!hit.length) return { status: 404 };
        const r = hit.find((x) => x.method === method);
        if (!r) return { status: 405, allow: hit.map((x) => x.method).join() };
        ctx.params = Object.fromEntries(
          r.re
            .exec(ctx.path)
            .slice(1)
            .map((v, k) => [r.keys[k], v]),
        );
        return { status: 200, body: await r.f(ctx) };
      };
      try {
        return { ...(await run(0)), log: ctx.log };
      } catch (e) {
        return { status: e.status ?? 500, log: ctx.log };
      }
    },
  };
};
export default async () => {
  const a = app()
    .use(async (c, next) => {
      c.log.push('>');
      const r = await next();
      c.log.push('<');
      return r;
    })
    .use((c, next) => {
      if (c.query.deny) throw Object.assign(new Error(), { status: 403 });
      return next();
    })
    .on('GET', '/users/:id', async ({ params, query }) => ({ ...params, ...query }))
    .on('PUT', '/users/:id/tags/:tag', ({ params }) => Object.values(params))
    .on('GET', '/boom', () => null.x);
  const out = [];
  for (const [m, u] of [
    ['GET', '/users/7?x=1&y=a%20b'],
    ['PUT', '/users/%C3%A9/tags/t'],
    ['POST', '/users/1'],
    ['GET', '/none'],
    ['GET', '/boom'],
    ['GET', '/users/1?deny=1'],
  ])
    out.push(await a.handle(m, u));
  return out;
};
