import ky, { HTTPError } from 'ky';

export default async () => {
  const seen = [];
  const fetch = async (request) => {
    seen.push([request.method, request.url, request.headers.get('x-id'), await request.clone().text()]);
    if (request.url.includes('bad')) return new Response('{"why":"x"}', { status: 404 });
    if (request.url.includes('flaky') && seen.length < 4) return new Response('', { status: 503 });
    return Response.json({ ok: true });
  };
  const client = ky.create({
    prefixUrl: 'https://api.example.org',
    fetch,
    headers: { 'x-id': '1' },
    retry: { limit: 2, delay: () => 1 },
  });
  const one = await client.get('items', { searchParams: { q: 'a b' } }).json();
  await client.post('items', { json: { a: 1 } });
  const flaky = await client.get('flaky').json();
  const bad = await client.get('bad').catch((error) => [error instanceof HTTPError, error.response.status]);
  return { one, flaky, bad, seen };
};
