/** How commands reach a server: its address, their token, and what to say when nobody is there. */
import { SnapvmClient } from '../client/client.js';
import { type ApiRequest, type ClientOptions, Transport } from '../client/transport.js';
import { type Arguments, type Flags, UsageError } from './arguments.js';
import { defined } from './guest-flags.js';
import { readInput } from './input.js';

export const CLIENT_FLAGS = {
  url: { value: 'url', help: 'Where the server is (default: SNAPVM_URL, else http://127.0.0.1:8080)' },
  'token-file': {
    value: 'file',
    help: 'A file with the token to show (default: SNAPVM_TOKEN, else none)',
    offers: 'file',
  },
} as const satisfies Flags;

export const CLIENT_NOTE = `Start a server with "snapvm serve". SNAPVM_URL says where it is, SNAPVM_TOKEN has the token.`;

const MOST_TOKEN_BYTES = 4096;

type ClientFlags = Readonly<Record<'url' | 'token-file', Flags[string]>>;

/** @throws UsageError, FileError, SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export async function clientOf<F extends ClientFlags>(args: Arguments<F>): Promise<SnapvmClient> {
  return new SnapvmClient(await clientOptions(args));
}

/** What a client of the server is made with. @throws UsageError, FileError */
export async function clientOptions<F extends ClientFlags>(args: Arguments<F>): Promise<ClientOptions> {
  const file = args.text('token-file');
  const token = file === undefined ? undefined : await readToken(file);
  return defined({ url: args.text('url'), token });
}

/**
 * The body of an answer that does not end: as it comes, in pieces.
 * @throws SnapvmRequestError as a client's methods do
 */
export async function openStream(
  options: ClientOptions,
  request: ApiRequest,
): Promise<AsyncIterable<Uint8Array>> {
  let body: ReadableStream<Uint8Array> | null = null;
  const transport = new Transport({
    ...options,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (!response.ok) return response;
      ({ body } = response);
      return new Response(null, { headers: response.headers });
    },
  });
  await transport.send(request);
  return body ?? new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
}

async function readToken(file: string): Promise<string> {
  const bytes = await readInput('token-file', `@${file}`, MOST_TOKEN_BYTES);
  const token = new TextDecoder().decode(bytes).trim();
  if (token !== '') return token;
  throw new UsageError(`--token-file ${JSON.stringify(file)} is empty`);
}
