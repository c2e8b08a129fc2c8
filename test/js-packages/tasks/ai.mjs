import { generateText, stepCountIs, tool } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { z } from 'zod';

const usage = {
  inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};

export default async () => {
  const call = { type: 'tool-call', toolCallId: '1', toolName: 'weather', input: '{"city":"Rome"}' };
  const answers = [
    { finishReason: { unified: 'tool-calls', raw: 'x' }, content: [call] },
    { finishReason: { unified: 'stop', raw: 'x' }, content: [{ type: 'text', text: 'It is warm.' }] },
  ];
  const model = new MockLanguageModelV3({
    doGenerate: async () => ({ ...answers.shift(), usage, warnings: [] }),
  });
  const weather = tool({
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `30 degrees in ${city}`,
  });
  const result = await generateText({
    model,
    prompt: 'Weather?',
    tools: { weather },
    stopWhen: stepCountIs(3),
  });
  return {
    text: result.text,
    steps: result.steps.map(({ toolResults }) => toolResults.map(({ output }) => output)),
    total: result.totalUsage.totalTokens,
  };
};
