// Request and Response. There is no network: fetch fails, and says what to do.
import { tag } from '../shared/define.js';
import { unavailable } from '../shared/host-module.js';
import abort from './abort.js';
import { Body } from './body.js';
import { Headers } from './headers.js';

const NULL_BODY = [101, 103, 204, 205, 304];
const REDIRECTS = [301, 302, 303, 307, 308];
const NORMAL = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];
const FORBIDDEN = ['CONNECT', 'TRACE', 'TRACK'];
const OPTIONS = {
  cache: 'default',
  credentials: 'same-origin',
  integrity: '',
  keepalive: false,
  mode: 'cors',
};

function methodOf(value) {
  const text = `${value}`;
  const upper = text.toUpperCase();
  if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(text) || FORBIDDEN.includes(upper))
    throw new TypeError(`'${text}' is not a valid HTTP method.`);
  return NORMAL.includes(upper) ? upper : text;
}

function urlOf(value) {
  const url = new URL(`${value}`);
  if (url.username !== '' || url.password !== '')
    throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${value}`);
  return url.href;
}

class Request extends Body {
  #url;
  #method;
  #headers;
  #signal;
  #options;

  constructor(input, init = {}) {
    super();
    const from = input instanceof Request ? input : undefined;
    this.#url = from === undefined ? urlOf(input) : from.url;
    this.#method = methodOf(init.method ?? from?.method ?? 'GET');
    this.#headers = new Headers(init.headers ?? from?.headers);
    this.#signal = init.signal ?? from?.signal ?? new abort.AbortController().signal;
    this.#options = {
      ...OPTIONS,
      redirect: 'follow',
      referrer: 'about:client',
      referrerPolicy: '',
      ...from?.settings,
    };
    for (const name of Object.keys(this.#options))
      if (init[name] !== undefined) this.#options[name] = init[name];
    const body = init.body ?? (from?.body ? from.cloneBody() : null);
    if (body !== null && (this.#method === 'GET' || this.#method === 'HEAD'))
      throw new TypeError('Request with GET/HEAD method cannot have body.');
    this.keepBody(body, this.#headers);
  }

  get url() {
    return this.#url;
  }

  get method() {
    return this.#method;
  }

  get headers() {
    return this.#headers;
  }

  get signal() {
    return this.#signal;
  }

  get destination() {
    return '';
  }

  get duplex() {
    return 'half';
  }

  get settings() {
    return this.#options;
  }

  clone() {
    return new Request(this);
  }
}
for (const name of [...Object.keys(OPTIONS), 'redirect', 'referrer', 'referrerPolicy'])
  Object.defineProperty(Request.prototype, name, {
    get() {
      return this.settings[name];
    },
    enumerable: true,
    configurable: true,
  });

class Response extends Body {
  #status;
  #statusText;
  #headers;
  #type = 'default';
  #url = '';

  constructor(body = null, init = {}) {
    super();
    const status = Number(init.status ?? 200);
    if (!(status >= 200 && status <= 599))
      throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
    if (body !== null && NULL_BODY.includes(status))
      throw new TypeError(`Response constructor: Invalid response status code ${status}`);
    this.#status = Math.trunc(status);
    this.#statusText = `${init.statusText ?? ''}`;
    this.#headers = new Headers(init.headers);
    this.keepBody(body, this.#headers);
  }

  get status() {
    return this.#status;
  }

  get ok() {
    return this.#status >= 200 && this.#status <= 299;
  }

  get statusText() {
    return this.#statusText;
  }

  get headers() {
    return this.#headers;
  }

  get type() {
    return this.#type;
  }

  get url() {
    return this.#url;
  }

  get redirected() {
    return false;
  }

  clone() {
    const copy = new Response(this.cloneBody(), this);
    copy.#type = this.#type;
    return copy;
  }

  static json(value, init = {}) {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError('The data is not of type JSON.');
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new Response(text, { ...init, headers });
  }

  static error() {
    const response = new Response();
    response.#type = 'error';
    response.#status = 0;
    return response;
  }

  static redirect(url, status = 302) {
    if (!REDIRECTS.includes(status)) throw new RangeError(`Invalid status code ${status}`);
    return new Response(null, { status, headers: { location: new URL(url).href } });
  }
}
tag(Request, 'Request');
tag(Response, 'Response');

async function fetch(input) {
  const { url } = new Request(input);
  throw Object.assign(new TypeError('fetch failed'), { cause: unavailable(`fetch (of ${url})`) });
}

export default { Headers, Request, Response, fetch };
