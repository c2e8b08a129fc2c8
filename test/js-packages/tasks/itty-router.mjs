import { AutoRouter, cors, error, json, withParams } from 'itty-router';

export default async () => {
  const { preflight, corsify } = cors({ origin: 'https://a.org' });
  const router = AutoRouter({ before: [preflight, withParams], finally: [corsify] });
  router
    .get('/items/:id', ({ id, query }) => ({ id, query }))
    .post('/items', async (request) => json(await request.json(), { status: 201 }))
    .get('/bad', () => error(403, 'no'))
    .get('/thrown', () => {
      throw new Error('x');
    });
  const ask = async (path, init = {}) => {
    const response = await router.fetch(
      new Request(`https://a.org${path}`, { headers: { origin: 'https://a.org' }, ...init }),
    );
    return [response.status, await response.text(), response.headers.get('content-type')];
  };
  return [
    await ask('/items/5?a=1&a=2&b=x'),
    await ask('/items', { method: 'POST', body: '{"a":1}' }),
    await ask('/bad'),
    await ask('/thrown'),
    await ask('/none'),
  ];
};
