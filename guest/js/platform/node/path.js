import posix from 'path-browserify';
import { hostModule, missing } from '../shared/host-module.js';

const win32 = hostModule('path.win32', { sep: '\\', delimiter: ';' });
const path = Object.assign(posix, {
  win32,
  posix,
  toNamespacedPath: (name) => name,
  matchesGlob: missing('path.matchesGlob'),
});
win32.posix = posix;
win32.win32 = win32;

export default path;
