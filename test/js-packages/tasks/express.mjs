import { Readable } from 'node:stream';
import express from 'express';

/** As if a server had got it. */
function ask(app, method, url, body = '') {
  return new Promise((resolve) => {
    const request = Object.assign(Readable.from(body === '' ? [] : [Buffer.from(body)]), {
      method,
      url,
      httpVersion: '1.1',
      headers: { host: 'a.org', 'content-type': 'application/json', 'content-length': String(body.length) },
      connection: {},
      socket: {},
    });
    const headers = {};
    const response = {
      statusCode: 200,
      req: request,
      setHeader: (name, value) => {
        headers[name.toLowerCase()] = value;
      },
      getHeader: (name) => headers[name.toLowerCase()],
      get: (name) => headers[name.toLowerCase()],
      removeHeader: (name) => delete headers[name.toLowerCase()],
      on() {},
      once() {},
      end: (chunk) => resolve([response.statusCode, headers['content-type'], String(chunk ?? '')]),
    };
    app.handle(request, response);
  });
}

export default async () => {
  const app = express();
  app.set('env', 'test');
  app.use(express.json());
  app.get('/users/:id', ({ params, query }, response) => response.json({ id: params.id, q: query.q }));
  app.post('/sum', ({ body }, response) => response.status(201).send(String(body.a + body.b)));
  app.get('/bad', () => {
    throw new RangeError('bad');
  });
  app.use((error, _request, response, _next) => response.status(500).json({ error: error.name }));
  return [
    await ask(app, 'GET', '/users/7?q=a%20b'),
    await ask(app, 'POST', '/sum', '{"a":1,"b":2}'),
    await ask(app, 'GET', '/bad'),
    await ask(app, 'POST', '/sum', '{'),
  ];
};
