import OpenAI from 'openai';

export default async () => {
  const seen = [];
  const fetch = async (url, { method, body }) => {
    const asked = JSON.parse(body);
    seen.push([String(url), method, asked.model]);
    if (asked.stream) {
      const chunk = (content) =>
        `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta: { content } }] })}\n\n`;
      return new Response(`${chunk('Hel')}${chunk('lo')}data: [DONE]\n\n`, {
        headers: { 'content-type': 'text/event-stream' },
      });
    }
    if (asked.model === 'none')
      return new Response('{"error":{"message":"no model","code":"m"}}', {
        status: 404,
        headers: { 'content-type': 'application/json' },
      });
    return new Response('{"choices":[{"message":{"role":"assistant","content":"hi"}}]}', {
      headers: { 'content-type': 'application/json' },
    });
  };
  const client = new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 });
  const messages = [{ role: 'user', content: 'x' }];
  const { choices } = await client.chat.completions.create({ model: 'm', messages });
  let streamed = '';
  for await (const { choices: parts } of await client.chat.completions.create({
    model: 'm',
    messages,
    stream: true,
  }))
    streamed += parts[0].delta.content;
  const problem = await client.chat.completions
    .create({ model: 'none', messages })
    .catch(({ constructor, status, code }) => [constructor.name.length > 0, status, code]);
  return { answer: choices[0].message.content, streamed, problem, seen };
};
