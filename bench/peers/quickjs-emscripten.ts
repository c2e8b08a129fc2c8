/** QuickJS as WebAssembly. */
import { installedVersion, requirePeer } from './install.js';
import { MEMORY_MIB, type Mode, type Peer, type Subject, TIMEOUT_MS } from './peer.js';
import { overText, WORKS, type Work } from './work.js';

interface Library {
  getQuickJS(): Promise<QuickJs>;
}

interface QuickJs {
  newRuntime(options: { memoryLimitBytes: number; interruptHandler: () => boolean }): Runtime;
}

interface Disposable {
  dispose(): void;
}

interface Runtime extends Disposable {
  newContext(): Context;
}

type Handle = Disposable;
type Result = object;

interface Context extends Disposable {
  readonly undefined: Handle;
  evalCode(code: string, file: string, options: { type: 'global' }): Result;
  callFunction(callee: Handle, self: Handle, input: Handle): Result;
  unwrapResult(result: Result): Handle;
  newArrayBuffer(buffer: ArrayBufferLike): Handle;
  newNumber(value: number): Handle;
  newString(text: string): Handle;
  getArrayBuffer(handle: Handle): Disposable & { readonly value: Uint8Array };
  getNumber(handle: Handle): number;
  getString(handle: Handle): string;
}

export const quickjsEmscripten: Peer = {
  name: 'quickjs-emscripten',
  version: () => installedVersion('quickjs-emscripten'),
  how: {
    fresh:
      'a new runtime and context in one WebAssembly instance, the function evaluated and called, both disposed of',
    warm: 'the function called in one context',
  },
  open: async (name, mode) =>
    open(await (requirePeer('quickjs-emscripten') as Library).getQuickJS(), WORKS[name], mode),
};

function open(quickjs: QuickJs, work: Work, mode: Mode): Subject {
  if (mode === 'fresh') {
    const call = () => {
      const sandbox = new Sandbox(quickjs, work);
      try {
        work.check(sandbox.call());
      } finally {
        sandbox.close();
      }
    };
    return { call, close: () => {} };
  }
  const sandbox = new Sandbox(quickjs, work);
  return { call: () => work.check(sandbox.call()), close: () => sandbox.close() };
}

class Sandbox {
  readonly #work: Work;
  readonly #runtime: Runtime;
  readonly #context: Context;
  readonly #handler: Handle;
  #deadline = Date.now() + TIMEOUT_MS;

  constructor(quickjs: QuickJs, work: Work) {
    this.#work = work;
    this.#runtime = quickjs.newRuntime({
      memoryLimitBytes: MEMORY_MIB * 2 ** 20,
      interruptHandler: () => Date.now() > this.#deadline,
    });
    this.#context = this.#runtime.newContext();
    const result = this.#context.evalCode(source(work), 'work.js', { type: 'global' });
    this.#handler = this.#context.unwrapResult(result);
  }

  call(): unknown {
    const context = this.#context;
    this.#deadline = Date.now() + TIMEOUT_MS;
    const input = give(context, this.#work);
    const result = context.callFunction(this.#handler, context.undefined, input);
    input.dispose();
    const answer = context.unwrapResult(result);
    try {
      return take(context, this.#work, answer);
    } finally {
      answer.dispose();
    }
  }

  close(): void {
    this.#handler.dispose();
    this.#context.dispose();
    this.#runtime.dispose();
  }
}

/** Its interface has buffers, but no typed arrays. */
function source({ kind, handler }: Work): string {
  if (kind === 'bytes') return `(buffer) => (${handler})(new Uint8Array(buffer)).buffer`;
  return kind === 'json' ? overText(handler) : `(${handler})`;
}

function give(context: Context, { kind, input }: Work): Handle {
  if (kind === 'bytes') return context.newArrayBuffer(input.buffer);
  return kind === 'number' ? context.newNumber(input) : context.newString(JSON.stringify(input));
}

function take(context: Context, { kind }: Work, answer: Handle): unknown {
  if (kind === 'number') return context.getNumber(answer);
  if (kind === 'json') return JSON.parse(context.getString(answer));
  const view = context.getArrayBuffer(answer);
  const bytes = view.value.slice();
  view.dispose();
  return bytes;
}
