// Brotli. A bundle that names what decompresses it has the decoder: globals/brotli.js puts it here.
import { missing } from './host-module.js';

export const decoder = { decompress: missing('The decoder of Brotli') };

/** Nobody has written a compressor in JavaScript. */
export function compress() {
  const message =
    'Nothing is compressed with Brotli in a guest: use gzip or deflate, or compress in a host function ("await host.name(bytes)")';
  throw Object.assign(new Error(message), { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' });
}
