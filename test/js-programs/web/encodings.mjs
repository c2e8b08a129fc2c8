// Encodings of TextDecoder beside UTF.
const LABELS = [
  'latin1',
  'windows-1251',
  'iso-8859-2',
  'shift_jis',
  'euc-kr',
  'gb18030',
  'big5',
  'utf-16be',
  'koi8-r',
  'macintosh',
];

export default () => [
  LABELS.map((label) => new TextDecoder(label).encoding),
  LABELS.map((label) => new TextDecoder(label).decode(new Uint8Array([0x41, 0xc4, 0xe3, 0xb0, 0xa1, 0x20]))),
  new TextDecoder('utf-8').decode(new Uint8Array([0xef, 0xbb, 0xbf, 0xc3, 0xa4])),
  (() => {
    try {
      return new TextDecoder('no-such-encoding');
    } catch (error) {
      return error.name;
    }
  })(),
];
