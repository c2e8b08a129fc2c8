import { Hono } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { cors } from 'hono/cors';

export default async () => {
  const app = new Hono();
  const log = [];
  app.use('*', async (c, next) => {
    log.push(`${c.req.method} ${c.req.path}`);
    await next();
    c.header('x-n', String(log.length));
  });
  app.use('/api/*', cors());
  app.use('/admin/*', basicAuth({ username: 'a', password: 'b' }));
  app.get('/api/users/:id{[0-9]+}', (c) => c.json({ id: c.req.param('id'), q: c.req.query('q') }));
  app.post('/api/sum', async (c) => c.text(String((await c.req.json()).reduce((a, b) => a + b)), 201));
  app.get('/admin/x', (c) => c.html('<b>in</b>'));
  app.onError((error, c) => c.json({ error: error.message }, 500));
  app.get('/bad', () => {
    throw new Error('bad');
  });
  const ask = async (path, init) => {
    const response = await app.request(path, init);
    return [
      response.status,
      await response.text(),
      response.headers.get('x-n'),
      response.headers.get('access-control-allow-origin'),
    ];
  };
  return [
    await ask('/api/users/7?q=a%20b'),
    await ask('/api/users/x'),
    await ask('/api/sum', { method: 'POST', body: '[1,2,3]' }),
    await ask('/admin/x'),
    await ask('/admin/x', { headers: { authorization: `Basic ${btoa('a:b')}` } }),
    await ask('/bad'),
    log,
  ];
};
