// What http and https have that needs no network: tables, and agents that clients make when they are imported.
import { METHODS, maxHeaderSize, STATUS_CODES } from 'unenv/node/internal/http/constants';
import { hostModule } from './host-module.js';

class Agent {
  constructor(options = {}) {
    this.options = options;
    this.requests = {};
    this.sockets = {};
    this.freeSockets = {};
  }

  destroy() {}
}

/** What a name of a header is made of, and what no value has. */
const TOKEN = /^[\w^`|~!#$%&'*+\-.]+$/;
const NO_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

function typeError(code, message) {
  return Object.assign(new TypeError(message), { code });
}

function validateHeaderName(name, label = 'Header name') {
  if (typeof name === 'string' && TOKEN.test(name)) return;
  throw typeError('ERR_INVALID_HTTP_TOKEN', `${label} must be a valid HTTP token ["${name}"]`);
}

function validateHeaderValue(name, value) {
  if (value === undefined)
    throw typeError('ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "${value}" for header "${name}"`);
  if (NO_VALUE.test(value))
    throw typeError('ERR_INVALID_CHAR', `Invalid character in header content ["${name}"]`);
}

const tables = { METHODS, STATUS_CODES, maxHeaderSize, validateHeaderName, validateHeaderValue };

export function httpModule(name, more) {
  const known = { Agent, globalAgent: new Agent() };
  return hostModule(name, name === 'http' ? { ...known, ...tables, ...more } : known);
}
