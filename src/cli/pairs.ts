/** Options that name something and say what it is: `name=value`. */
import { UsageError } from './arguments.js';

/** `left=right` of each. @throws UsageError */
export function pairs(flag: string, texts: readonly string[], form: string): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new UsageError(`--${flag} is ${JSON.stringify(text)}; it must be ${form}`);
    }),
  );
}
