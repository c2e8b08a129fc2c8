import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

export default async () => {
  const server = new McpServer({ name: 'sums', version: '1.0.0' });
  const inputSchema = { a: z.number(), b: z.number() };
  server.registerTool('add', { description: 'adds', inputSchema }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }));
  const client = new Client({ name: 'client', version: '1.0.0' });
  const [one, other] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(one), client.connect(other)]);
  const { tools } = await client.listTools();
  const { content } = await client.callTool({ name: 'add', arguments: { a: 2, b: 3 } });
  const wrong = await client.callTool({ name: 'add', arguments: { a: 'x', b: 3 } });
  return { names: tools.map(({ name }) => name), content, isError: wrong.isError };
};
