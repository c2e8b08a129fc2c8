// Headers, Request, Response, Blob, File, FormData; and fetch, which fails in a guest and here for want of a server.
function outcome(run) {
  try {
    return run();
  } catch (error) {
    return error.name;
  }
}

export default async () => {
  const headers = new Headers({ 'Content-Type': 'text/x', b: '1' });
  headers.append('B', ' 2 ');
  headers.append('Set-Cookie', 'a=1');
  headers.append('set-cookie', 'b=2');
  const request = new Request('http://host.example/p?q#f', {
    method: 'post',
    body: 'text',
    headers: [['x', 'y']],
  });
  const copy = request.clone();
  const response = new Response(JSON.stringify({ a: [1] }), { status: 201, statusText: 'Made', headers });
  const second = response.clone();
  const form = new FormData();
  form.append('name', 'value');
  form.append('file', new File(['con', new Uint8Array([116])], 'n.txt', { type: 'text/plain' }));
  form.append('name', 'other');
  form.set('set', 1);
  const parsed = await new Response(form).formData();
  const encoded = await new Response(new URLSearchParams({ a: 'b c' })).formData();
  const blob = new Blob(['héllo', new Blob(['!']), new Uint8Array([65]).buffer], { type: 'Text/Plain' });
  const failed = await fetch('http://127.0.0.1:1/').catch((error) => [error.name, error.message]);
  const used = await response.json();
  return [
    [...headers],
    headers.getSetCookie(),
    [headers.get('b'), headers.has('none'), headers.get('none')],
    [request.url, request.method, request.headers.get('content-type'), [...request.headers.keys()]],
    [await copy.text(), request.bodyUsed, copy.bodyUsed, request.redirect, request.credentials, request.mode],
    [response.status, response.ok, response.statusText, used, response.bodyUsed],
    [await second.text(), second.headers.get('content-type')],
    await response.text().catch((error) => error.name),
    [...parsed.keys()],
    [
      parsed.getAll('name'),
      parsed.get('file').name,
      await parsed.get('file').text(),
      parsed.get('file').type,
    ],
    [...encoded],
    [blob.size, blob.type, await blob.text(), await blob.slice(1, 3).text(), await blob.slice(-2).text()],
    Array.from(new Uint8Array(await blob.slice(0, 2).arrayBuffer())),
    [String(blob), String(form), String(headers), String(request), String(response)],
    [new File([], 'f', { lastModified: 5 }).lastModified, new File(['a'], 'f') instanceof Blob],
    await Response.json({ x: 1 }).json(),
    [Response.json([]).headers.get('content-type'), Response.error().type, Response.error().status],
    [
      Response.redirect('http://a.example/').status,
      Response.redirect('http://a.example/x', 301).headers.get('location'),
    ],
    outcome(() => new Request('http://a.example', { body: 'x' })),
    outcome(() => new Request('/relative')),
    outcome(() => new Response('x', { status: 204 })),
    outcome(() => new Response('x', { status: 99 })),
    outcome(() => new Headers({ 'a b': 'x' })),
    outcome(() => new Headers([['a']])),
    [
      new Response().body,
      (await new Response().text()) === '',
      new Response('x').headers.get('content-type'),
    ],
    await new Response(blob.stream()).text(),
    failed,
  ];
};
