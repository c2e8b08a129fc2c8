// Node's util: what shows values is Node's own code, what compares them is that of the npm package assert.
import { parseArgs } from '@pkgjs/parseargs';
import comparisons from 'assert/build/internal/util/comparisons.js';
import { format, formatWithOptions, inspect, stripVTControlCharacters } from 'node-inspect-extracted';
import { MIMEParams, MIMEType } from 'unenv/node/internal/util/mime';
import { missing } from '../shared/host-module.js';
import { inherits } from '../shared/inherits.js';
import { callbackify, promisify } from '../shared/promisify.js';
import os from './os.js';
import types from './util/types.js';

const warned = new Set();

function deprecate(run, message, code) {
  function deprecated(...values) {
    const key = code ?? deprecated;
    if (!warned.has(key)) {
      warned.add(key);
      console.warn(`${code === undefined ? '' : `[${code}] `}DeprecationWarning: ${message}`);
    }
    return new.target === undefined
      ? Reflect.apply(run, this, values)
      : Reflect.construct(run, values, new.target);
  }
  Object.setPrototypeOf(deprecated, run);
  if (run.prototype) deprecated.prototype = run.prototype;
  return deprecated;
}

/** There is no NODE_DEBUG that would turn them on. */
function debuglog() {
  return Object.assign(() => {}, { enabled: false });
}

function styleText(style, text) {
  return [style].flat().reduceRight((shown, name) => {
    const codes = inspect.colors[name];
    if (codes === undefined) throw new TypeError(`util.styleText: there is no style ${inspect(name)}`);
    return `\u001b[${codes[0]}m${shown}\u001b[${codes[1]}m`;
  }, text);
}

function getSystemErrorName(number) {
  return Object.entries(os.constants.errno).find(([, code]) => code === -number)?.[0];
}

function aborted(signal) {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

const isPrimitive = (value) => value === null || (typeof value !== 'object' && typeof value !== 'function');

export default {
  MIMEParams,
  MIMEType,
  TextDecoder: globalThis.TextDecoder,
  TextEncoder: globalThis.TextEncoder,
  _errnoException: missing('util._errnoException'),
  _exceptionWithHostPort: missing('util._exceptionWithHostPort'),
  _extend: (target, source) => Object.assign(target, source),
  aborted,
  callbackify,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  formatWithOptions,
  getSystemErrorMap: () =>
    new Map(Object.entries(os.constants.errno).map(([name, code]) => [-code, [name, name]])),
  getSystemErrorName,
  inherits,
  inspect,
  isArray: Array.isArray,
  isBoolean: (value) => typeof value === 'boolean',
  isBuffer: (value) => value instanceof Uint8Array && typeof value.readUInt8 === 'function',
  isDate: types.isDate,
  isDeepStrictEqual: (one, other) => comparisons.isDeepStrictEqual(one, other),
  isError: (value) => value instanceof Error,
  isFunction: (value) => typeof value === 'function',
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === 'number',
  isObject: (value) => value !== null && typeof value === 'object',
  isPrimitive,
  isRegExp: types.isRegExp,
  isString: (value) => typeof value === 'string',
  isSymbol: (value) => typeof value === 'symbol',
  isUndefined: (value) => value === undefined,
  log: (...values) => console.log(format(...values)),
  parseArgs: (config = {}) => parseArgs({ args: [], ...config }),
  parseEnv: missing('util.parseEnv'),
  promisify,
  stripVTControlCharacters,
  styleText,
  toUSVString: (text) => `${text}`.toWellFormed(),
  transferableAbortController: missing('util.transferableAbortController'),
  transferableAbortSignal: missing('util.transferableAbortSignal'),
  types,
};
