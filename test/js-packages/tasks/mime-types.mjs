import mime from 'mime-types';

export default () => [
  ['json', 'file.md', 'folder/x.js', '.mkv', 'unknown.zzz', ''].map((name) => mime.lookup(name)),
  ['markdown', 'file.html', 'text/html', 'image/png'].map((name) => mime.contentType(name)),
  ['application/octet-stream', 'text/x-none', 'image/svg+xml; a=b'].map((type) => mime.extension(type)),
  mime.charset('text/css'),
  mime.extensions['application/xhtml+xml'],
];
