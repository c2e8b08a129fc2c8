// Node's path.win32. A bundle that names it has its functions: globals/windows.js puts them here.
import { missing } from './host-module.js';

const NAMES = [
  '_makeLong',
  'basename',
  'dirname',
  'extname',
  'format',
  'isAbsolute',
  'join',
  'normalize',
  'parse',
  'relative',
  'resolve',
  'toNamespacedPath',
];

export const windows = {
  sep: '\\',
  delimiter: ';',
  ...Object.fromEntries(NAMES.map((name) => [name, missing(['path', 'win32', name].join('.'))])),
};
