/** The guests that come with snapvm. */
import { fileURLToPath } from 'node:url';

/** Path of an example guest, as the guest build leaves it in dist/guest/examples. */
export function exampleGuest(file: string): string {
  return fileURLToPath(new URL(`../../guest/examples/${file}`, import.meta.url));
}
