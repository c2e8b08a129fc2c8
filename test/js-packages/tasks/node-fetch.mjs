import fetch, { Blob, FormData, Headers, Request, Response } from 'node-fetch';

export default async () => {
  const headers = new Headers([
    ['a', '1'],
    ['A', '2'],
    ['b', 'x'],
  ]);
  const request = new Request('https://e.org/a?b', { method: 'post', body: 'text', headers });
  const form = new FormData();
  form.append('k', 'v');
  form.append('f', new Blob(['abc'], { type: 'text/plain' }), 'f.txt');
  const data = await fetch('data:text/plain;base64,aGk=');
  const wrong = await fetch('ftp://e.org').catch(({ name }) => name);
  return {
    headers: [...headers],
    request: [request.method, request.url, await request.text()],
    json: await new Response('{"a":1}', { status: 201 }).json(),
    form: [form.get('k'), (await new Response(form).text()).includes('filename="f.txt"')],
    data: await data.text(),
    wrong,
    redirect: Response.redirect('https://x.org/', 302).headers.get('location'),
  };
};
