/** What a deployment sends: a source alone as it is, a source with more as a form. */
import { optionError } from './errors.js';
import { packTar } from './tar.js';
import type { DeployOptions, FunctionSource } from './types.js';

/** The body of a deployment, and its type if that is not the body's own. */
export interface Deployment {
  readonly body: string | Uint8Array | FormData;
  readonly type: string | undefined;
}

type LinuxFiles = Extract<FunctionSource, { readonly linux: Uint8Array }>['files'];

interface Given {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** What a source has beside its text or bytes. Options that are of another kind are refused by the server. */
interface Settings {
  readonly args?: unknown;
  readonly argv0?: unknown;
  readonly env?: unknown;
  readonly cwd?: unknown;
  readonly locales?: unknown;
  readonly files?: LinuxFiles;
}

/** @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function deploymentOf(source: FunctionSource, { policy = {} }: DeployOptions): Deployment {
  const { type, content } = givenOf(source);
  const { args, argv0, env, cwd, locales, files } = (typeof source === 'object' ? source : {}) as Settings;
  const all = { ...policy, args, argv0, env, cwd, locales };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  const archive = archiveOf(files);
  if (given.length === 0 && archive === undefined) return { body: content, type };
  const form = new FormData();
  // First, so that the server knows what it reads behind it.
  form.append('policy', JSON.stringify(Object.fromEntries(given)));
  form.append('source', blobOf(content, type), 'source');
  if (archive !== undefined) form.append('files', blobOf(archive, 'application/x-tar'), 'files');
  return { body: form, type: undefined };
}

function blobOf(content: string | Uint8Array, type: string): Blob {
  return new Blob([content as string | Uint8Array<ArrayBuffer>], { type });
}

function givenOf(source: FunctionSource): Given {
  if (typeof source === 'string') return { type: 'application/javascript', content: source };
  if (typeof source !== 'object' || source === null) throw wrongSource(source);
  if ('js' in source) return { type: 'application/javascript', content: checkText('js', source.js) };
  if ('ts' in source) return { type: 'application/typescript', content: checkText('ts', source.ts) };
  if ('native' in source)
    return { type: 'application/vnd.snapvm.native+elf', content: checkBytes('native', source.native) };
  if ('linux' in source)
    return { type: 'application/vnd.snapvm.linux+elf', content: checkBytes('linux', source.linux) };
  throw wrongSource(source);
}

function archiveOf(files: LinuxFiles): Uint8Array | undefined {
  if (files === undefined || files instanceof Uint8Array) return files;
  return packTar(
    Object.entries(files).map(([path, content]) => ({
      path,
      bytes: typeof content === 'string' ? new TextEncoder().encode(content) : checkBytes('files', content),
    })),
  );
}

function checkText(option: string, text: unknown): string {
  if (typeof text === 'string') return text;
  throw optionError(option, text, 'the text of a module');
}

function checkBytes(option: string, bytes: unknown): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw optionError(option, bytes, 'a Uint8Array');
}

function wrongSource(source: unknown) {
  return optionError('source', source, 'a text of JavaScript, { js }, { ts }, { native } or { linux }');
}
