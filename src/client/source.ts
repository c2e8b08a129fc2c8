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
  /** What stands beside the policy's own options. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly files: Uint8Array | undefined;
}

/** @throws SnapvmRequestError `SNAPVM_CLIENT_OPTION` */
export function deploymentOf(source: FunctionSource, { policy = {} }: DeployOptions): Deployment {
  const { type, content, settings, files } = givenOf(source);
  const given = Object.entries({ ...policy, ...settings }).filter(([, value]) => value !== undefined);
  if (given.length === 0 && files === undefined) return { body: content, type };
  const form = new FormData();
  // First, so that the server knows what it reads behind it.
  form.append('policy', JSON.stringify(Object.fromEntries(given)));
  form.append('source', new Blob([content as string], { type }), 'source');
  if (files !== undefined)
    form.append(
      'files',
      new Blob([files as Uint8Array<ArrayBuffer>], { type: 'application/x-tar' }),
      'files',
    );
  return { body: form, type: undefined };
}

function givenOf(source: FunctionSource): Given {
  const none = { settings: {}, files: undefined };
  if (typeof source === 'string') return { type: 'application/javascript', content: source, ...none };
  if (typeof source !== 'object' || source === null) throw wrongSource(source);
  if ('js' in source) {
    const { js, locales } = source;
    return { ...none, type: 'application/javascript', content: checkText('js', js), settings: { locales } };
  }
  if ('ts' in source) {
    const { ts, locales } = source;
    return { ...none, type: 'application/typescript', content: checkText('ts', ts), settings: { locales } };
  }
  if ('native' in source) {
    const content = checkBytes('native', source.native);
    return { ...none, type: 'application/vnd.snapvm.native+elf', content };
  }
  if (!('linux' in source)) throw wrongSource(source);
  const { linux, args, argv0, env, cwd, files } = source;
  return {
    type: 'application/vnd.snapvm.linux+elf',
    content: checkBytes('linux', linux),
    settings: { args, argv0, env, cwd },
    files: archiveOf(files),
  };
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
