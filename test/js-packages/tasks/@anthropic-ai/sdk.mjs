import Anthropic from '@anthropic-ai/sdk';

export default async () => {
  const requests = [];
  const client = new Anthropic({
    apiKey: 'key',
    maxRetries: 1,
    fetch: async (url, { method, body, headers }) => {
      requests.push([
        String(url),
        method,
        JSON.parse(body).model,
        new Headers(headers).get('anthropic-version'),
      ]);
      if (requests.length === 1)
        return new Response('{"error":{"type":"overloaded_error"}}', { status: 529 });
      const message = {
        id: 'm1',
        type: 'message',
        role: 'assistant',
        content: [{ type: 'text', text: 'hello' }],
      };
      return new Response(JSON.stringify(message), { headers: { 'content-type': 'application/json' } });
    },
  });
  const messages = [{ role: 'user', content: 'hi' }];
  const { content } = await client.messages.create({ model: 'm', max_tokens: 5, messages });
  return { requests, content };
};
