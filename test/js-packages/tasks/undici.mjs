import { FormData, Headers, MockAgent, Request, Response, request } from 'undici';

export default async () => {
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent
    .get('https://api.example.org')
    .intercept({ path: '/items?a=1', method: 'POST', body: 'x' })
    .reply(201, { ok: true }, { headers: { 'x-a': 'b' } });
  const { statusCode, headers, body } = await request('https://api.example.org/items?a=1', {
    method: 'POST',
    body: 'x',
    dispatcher: agent,
  });
  const form = new FormData();
  form.append('a', '1');
  form.append('a', '2');
  const asked = new Request('https://e.org/', {
    method: 'PUT',
    body: form,
    headers: new Headers({ X: 'y' }),
  });
  return {
    statusCode,
    own: headers['x-a'],
    body: await body.json(),
    form: (await asked.formData()).getAll('a'),
    response: await Response.json({ b: 1 }).json(),
  };
};
