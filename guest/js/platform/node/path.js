import posix from 'path-browserify';
import { missing } from '../shared/host-module.js';
import { windows } from '../shared/windows.js';

const matchesGlob = missing('path.matchesGlob');
const path = Object.assign(posix, { win32: windows, posix, toNamespacedPath: (name) => name, matchesGlob });
Object.assign(windows, { win32: windows, posix, matchesGlob });

export default path;
