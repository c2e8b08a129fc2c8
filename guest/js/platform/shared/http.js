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

export function httpModule(name) {
  const known = { Agent, globalAgent: new Agent() };
  return hostModule(name, name === 'http' ? { ...known, METHODS, STATUS_CODES, maxHeaderSize } : known);
}
