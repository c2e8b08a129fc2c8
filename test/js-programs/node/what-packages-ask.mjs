import { existsSync } from 'fs';
import http, { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

const codeOf = (run) => {
  try {
    return run() ?? 'fine';
  } catch ({ name, code }) {
    return `${name} ${code}`;
  }
};

/** Of whoever calls it, as packages find out where they are used. */
function callSite() {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_error, sites) => sites;
  const holder = {};
  Error.captureStackTrace(holder, callSite);
  const [site] = holder.stack;
  Error.prepareStackTrace = prepareStackTrace;
  return site;
}

function caller() {
  const site = callSite();
  return [
    site.getFunctionName(),
    typeof site.getFileName(),
    site.getLineNumber() > 0 && site.getColumnNumber() > 0,
    [site.isEval(), site.isNative(), site.isConstructor(), site.isToplevel()],
    [site.getEvalOrigin(), site.getThis()].map((value) => typeof value),
    site.getScriptNameOrSourceURL() === site.getFileName(),
    /^caller \(.*:\d+:\d+\)$/.test(String(site)),
  ];
}

/** As compilers make errors of their own: no Error, but below its prototype. */
function OwnError(stack) {
  this.stack = stack;
}
OwnError.prototype = Object.create(Error.prototype);

function stacks() {
  const error = new Error('x');
  error.stack = undefined;
  const none = new OwnError(undefined);
  const own = new OwnError('text');
  return [
    [error.stack === undefined, Object.keys(error)],
    [Object.hasOwn(none, 'stack'), Object.keys(none)],
    [own.stack, Object.keys(own)],
  ];
}

function buffers() {
  const bytes = Buffer.from('grün');
  const target = Buffer.alloc(4);
  return [
    bytes.utf8Slice(0, 4),
    bytes.latin1Slice(2),
    bytes.hexSlice(1, 3),
    bytes.base64Slice(),
    target.utf8Write('ü', 1),
    target.hexSlice(),
    typeof Buffer.TYPED_ARRAY_SUPPORT,
  ];
}

function requests() {
  const request = Object.assign(new IncomingMessage({ id: 1 }), { url: '/a' });
  return [
    request instanceof Readable,
    request.connection.id,
    request.method,
    codeOf(() => http.validateHeaderName('x-a')),
    codeOf(() => http.validateHeaderName('x a')),
    codeOf(() => http.validateHeaderValue('x', 'ü\t')),
    codeOf(() => http.validateHeaderValue('x', 'a\nb')),
    codeOf(() => http.validateHeaderValue('x', undefined)),
  ];
}

export default () => {
  setEnvironmentData('key', 1);
  return [
    caller(),
    stacks(),
    buffers(),
    requests(),
    [isMainThread, getEnvironmentData('key'), existsSync('/there/is/no/such')],
  ];
};
