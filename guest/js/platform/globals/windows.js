// The functions of path.win32.
import { win32 } from '@file-services/path/browser-path.js';
import { windows } from '../shared/windows.js';

const functions = { ...win32, _makeLong: win32.toNamespacedPath };
for (const name of Object.keys(windows)) windows[name] = functions[name];
