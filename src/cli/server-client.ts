/** How commands reach a server: its address, their token, and what to say when nobody is there. */
import { SnapvmClient } from '../client/client.js';
import { type Arguments, type Flags, UsageError } from './arguments.js';
import { defined } from './guest-flags.js';
import { readInput } from './input.js';

export const CLIENT_FLAGS = {
  url: { value: 'url', help: 'Where the server is (default: SNAPVM_URL, else http://127.0.0.1:8080)' },
  'token-file': { value: 'file', help: 'A file with the token to show (default: SNAPVM_TOKEN, else none)' },
} as const satisfies Flags;

export const CLIENT_NOTE = `Start a server with "snapvm serve". SNAPVM_URL says where it is, SNAPVM_TOKEN has the token.`;

const MOST_TOKEN_BYTES = 4096;

type ClientFlags = Readonly<Record<'url' | 'token-file', Flags[string]>>;

/** @throws UsageError, FileError, SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export async function clientOf<F extends ClientFlags>(args: Arguments<F>): Promise<SnapvmClient> {
  const file = args.text('token-file');
  const token = file === undefined ? undefined : await readToken(file);
  return new SnapvmClient(defined({ url: args.text('url'), token }));
}

async function readToken(file: string): Promise<string> {
  const bytes = await readInput('token-file', `@${file}`, MOST_TOKEN_BYTES);
  const token = new TextDecoder().decode(bytes).trim();
  if (token !== '') return token;
  throw new UsageError(`--token-file ${JSON.stringify(file)} is empty`);
}
