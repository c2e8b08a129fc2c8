import mime, { Mime } from 'mime';

export default () => {
  const own = new Mime({ 'text/x-own': ['own', 'o'] });
  own.define({ 'text/x-more': ['more'] });
  return [
    ['a.html', 'path/b.tar.gz', 'json', '.svg', 'none.unknown', 'x.MP4', 'mjs'].map((name) =>
      mime.getType(name),
    ),
    ['text/html; charset=utf-8', 'image/jpeg', 'no/type'].map((type) => mime.getExtension(type)),
    [...(mime.getAllExtensions('image/jpeg') ?? [])].sort(),
    own.getType('x.o'),
    own.getExtension('text/x-more'),
  ];
};
