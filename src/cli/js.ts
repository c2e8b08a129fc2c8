/** `snapvm js`: one call of a JavaScript or TypeScript function. */
import { type Arguments, defineCommand } from './arguments.js';
import { BACKEND_FLAG, backendOption } from './backend-flag.js';
import { defined, SIZES_NOTE } from './guest-flags.js';
import { heading } from './help.js';
import { readEvent } from './json-event.js';
import { stderrLogger } from './log-lines.js';
import { printGuest, printJson, rounded } from './output.js';
import { printable } from './printable.js';
import { withEngine } from './session.js';

const FLAGS = {
  event: {
    value: 'json|@file|-',
    help: 'Its argument: JSON, a file with JSON, or stdin (default: none)',
    offers: '@file',
  },
  fn: { value: 'name', help: 'Function to call (default: the default export)' },
  locale: {
    value: 'name',
    help: 'A language that Intl knows beside English, such as de or pt-BR; repeatable',
  },
  'timeout-ms': { value: 'n', help: 'Wall-clock limit of the call (default 1000)' },
  'cpu-ms': { value: 'n', help: 'CPU-time limit of the call (default: none)' },
  'init-timeout-ms': { value: 'n', help: 'Wall-clock limit of evaluating the module (default 10000)' },
  'max-exits': { value: 'n', help: 'Log lines and host calls of the call, together (default 1000000)' },
  'heap-bytes': { value: 'size', help: 'Memory (default 64m)' },
  'stack-bytes': { value: 'size', help: 'Stack (default 8m)' },
  'input-bytes': { value: 'size', help: 'Largest argument, and largest bundled module (default 1m)' },
  'output-bytes': { value: 'size', help: 'Largest answer (default 1m)' },
  ...BACKEND_FLAG,
  json: {
    help: 'Print one JSON object: result, fn, hash, ms, stats; or error, with what was thrown',
  },
} as const;

type JsArguments = Arguments<typeof FLAGS>;

export const jsCommand = defineCommand({
  name: 'js',
  summary: 'Calls a function of a JavaScript or TypeScript module in a sandbox and prints what it answers.',
  positionals: ['function.js'],
  offers: 'file',
  flags: FLAGS,
  notes: `${SIZES_NOTE}
What it imports is bundled. The answer goes to stdout as JSON, or byte for byte if it is a Uint8Array; its
console goes to stderr as "[level] text". On a terminal control characters are escaped. What JSON has not is
shown as {"map": [[key, value]]}, {"set": []}, {"base64": ""} (bytes), {"Float64Array": []}, and BigInts,
Dates, RegExps and NaN as text.

${heading('Examples')}
  snapvm js function.js --event '{"name":"Ada"}'
  snapvm js function.ts --fn total --event @orders.json
  curl -s https://example.org/data.json | snapvm js function.js --event - | jq .`,
  run: async (args) => {
    const event = await readEvent(args.text('event'));
    return await withEngine({ ...backendOption(args), workers: 1, logger: stderrLogger }, async (engine) => {
      const js = { file: args.positional(0), locales: args.texts('locale') };
      const handle = await engine.define('function', { js }, policyOf(args));
      const fn = args.text('fn');
      const started = performance.now();
      const result = await handle.call(event, defined({ fn }));
      const ms = rounded(performance.now() - started);
      if (args.has('json')) {
        const called = fn ?? handle.functions[0];
        await printJson({
          result: printable(result),
          fn: called,
          hash: handle.hash,
          ms,
          stats: handle.lastCost,
        });
      } else if (result instanceof Uint8Array) {
        await printGuest(result);
      } else if (result !== undefined) {
        await printJson(printable(result));
      }
      return 0;
    });
  },
});

function policyOf(args: JsArguments) {
  return defined({
    timeoutMs: args.number('timeout-ms'),
    cpuMs: args.number('cpu-ms'),
    maxExits: args.number('max-exits'),
    initTimeoutMs: args.number('init-timeout-ms'),
    heapBytes: args.size('heap-bytes'),
    stackBytes: args.size('stack-bytes'),
    inputBytes: args.size('input-bytes'),
    outputBytes: args.size('output-bytes'),
  });
}
