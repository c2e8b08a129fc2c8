/** A browser for tests, where there is one. */
import { existsSync } from 'node:fs';
import type { Found } from './linux-build.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is. */
export function chromium(): Found<string> {
  const path = PLACES.find((place) => existsSync(place));
  return path === undefined ? { missing: 'needs /usr/bin/chromium (Debian: chromium)' } : { value: path };
}
