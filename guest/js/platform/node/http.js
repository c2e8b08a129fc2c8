import { httpModule } from '../shared/http.js';
import stream from './stream.js';

/** A request as servers get it. Frameworks give theirs its prototype, and tests make some of their own. */
class IncomingMessage extends stream.Readable {
  constructor(socket) {
    super();
    this.socket = socket;
    this.httpVersion = null;
    this.httpVersionMajor = null;
    this.httpVersionMinor = null;
    this.complete = false;
    this.aborted = false;
    this.headers = {};
    this.rawHeaders = [];
    this.trailers = {};
    this.rawTrailers = [];
    this.url = '';
    this.method = null;
    this.statusCode = null;
    this.statusMessage = null;
  }

  get connection() {
    return this.socket;
  }

  set connection(socket) {
    this.socket = socket;
  }

  setTimeout() {
    return this;
  }

  _read() {}
}

export default httpModule('http', { IncomingMessage });
