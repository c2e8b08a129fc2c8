/** The tools of a server, loaded with the first message: the packages that they need are optional. */

import type { Functions } from '../functions/functions.js';
import { withPackages } from '../packages.js';
import type { HttpAnswer, HttpMessage } from './http.js';
import type { CheckedMcp } from './options.js';
import type { ProtocolParts } from './protocol.js';
import type { Tools } from './tools.js';

interface Loaded {
  readonly tools: Tools;
  readonly answerMessage: (message: HttpMessage, parts: ProtocolParts) => Promise<HttpAnswer>;
}

/** What answers messages of assistants. */
export class LazyTools {
  readonly #options: CheckedMcp;
  readonly #functions: Functions;
  #loaded: Promise<Loaded> | undefined;

  constructor(options: CheckedMcp, functions: Functions) {
    this.#options = options;
    this.#functions = functions;
  }

  /** @throws SnapvmError `SNAPVM_SERVER_PACKAGES` */
  async answer(message: HttpMessage, parts: Omit<ProtocolParts, 'tools'>): Promise<HttpAnswer> {
    this.#loaded ??= this.#load();
    const { tools, answerMessage } = await this.#loaded;
    return await answerMessage(message, { ...parts, tools });
  }

  /** Ends what runs. Idempotent. */
  async close(): Promise<void> {
    const loaded = await this.#loaded?.catch(() => undefined);
    await loaded?.tools.close();
  }

  async #load(): Promise<Loaded> {
    return await withPackages(async () => {
      const [{ Tools }, { answerMessage }] = await Promise.all([import('./tools.js'), import('./http.js')]);
      return { tools: new Tools(this.#options, this.#functions), answerMessage };
    });
  }
}
