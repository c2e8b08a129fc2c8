// Brotli. A bundle that names what decompresses it has the decoder: globals/brotli.js puts it here.
import { missing, unavailable } from './host-module.js';

export const decoder = { decompress: missing('The decoder of Brotli') };

/** Nobody has written a compressor in JavaScript. */
export function compress() {
  throw unavailable('Compressing with Brotli');
}
