// Node's url: the old functions from the npm package of that name; URL is the global one.
import old from 'url/url.js';
import path from './path.js';
import punycode from './punycode.js';

function typeError(code, message) {
  return Object.assign(new TypeError(message), { code });
}

function fileURLToPath(value) {
  const url = typeof value === 'string' ? new URL(value) : value;
  if (url.protocol !== 'file:') throw typeError('ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file');
  if (url.hostname !== '')
    throw typeError('ERR_INVALID_FILE_URL_HOST', 'File URL host must be "localhost" or empty on linux');
  if (/%2f/i.test(url.pathname))
    throw typeError('ERR_INVALID_FILE_URL_PATH', 'File URL path must not include encoded / characters');
  return decodeURIComponent(url.pathname);
}

function pathToFileURL(name) {
  const full = path.resolve(name) + (name.endsWith('/') && name !== '/' ? '/' : '');
  const marks = { '%': '%25', '\\': '%5C', '\n': '%0A', '\r': '%0D', '\t': '%09', '?': '%3F', '#': '%23' };
  return new URL(`file://${full.replaceAll(/[%\\\n\r\t?#]/g, (mark) => marks[mark])}`);
}

function domain(convert) {
  return (name) => {
    try {
      return convert(new URL(`http://${name}`).hostname);
    } catch {
      return '';
    }
  };
}

function urlToHttpOptions({ protocol, hostname, hash, search, pathname, href, port, username, password }) {
  const options = { protocol, hostname, hash, search, pathname, path: `${pathname}${search}`, href };
  if (port !== '') options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

function format(value, options) {
  if (!(value instanceof URL)) return old.format(value);
  const { auth = true, fragment = true, search = true, unicode = false } = options ?? {};
  const url = new URL(value);
  if (!auth) Object.assign(url, { username: '', password: '' });
  if (!fragment) url.hash = '';
  if (!search) url.search = '';
  return unicode ? url.href.replace(url.hostname, punycode.toUnicode(url.hostname)) : url.href;
}

export default {
  ...old,
  format,
  URL: globalThis.URL,
  URLSearchParams: globalThis.URLSearchParams,
  domainToASCII: domain((name) => name),
  domainToUnicode: domain((name) => punycode.toUnicode(name)),
  fileURLToPath,
  pathToFileURL,
  urlToHttpOptions,
};
