/** Says which function was meant, where the server knows none by the name that was given. */
import { closest } from '../base/suggest.js';
import { SnapvmClient } from '../client/client.js';
import { SnapvmRequestError } from '../client/errors.js';
import type { ClientOptions } from '../client/transport.js';

const PATIENCE_MS = 3000;
const PAGE = 1000;

/**
 * Runs `work`, which is about a function.
 * @throws what it throws; an error for an unknown name has the closest one in its message, if one is close
 */
export async function withKnownFunction<Result>(
  options: ClientOptions,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SnapvmRequestError && error.code === 'SNAPVM_SERVER_UNKNOWN')) throw error;
    const close = await closestFunction(options, name);
    if (close === undefined) throw error;
    const message = `${error.message}; did you mean ${JSON.stringify(close)}?`;
    throw new SnapvmRequestError(error.code, message, { ...error, cause: error });
  }
}

/** `undefined` if none is close, if the name is one (it is an alias that is unknown), and if the server does not say. */
async function closestFunction(options: ClientOptions, name: string): Promise<string | undefined> {
  const names: string[] = [];
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for await (const found of new SnapvmClient(options).list({ pageSize: PAGE, signal })) {
      if (found.name === name) return undefined;
      names.push(found.name);
      if (names.length === PAGE) break;
    }
  } catch {
    // The error that there is says enough.
    return undefined;
  }
  return closest(name, names);
}
