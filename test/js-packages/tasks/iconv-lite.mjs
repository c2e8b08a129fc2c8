import iconv from 'iconv-lite';

export default () => {
  const text = 'Grüße Привет 漢字 €';
  const names = [
    'utf8',
    'utf16le',
    'utf-16',
    'win1251',
    'latin1',
    'shift_jis',
    'gbk',
    'euc-kr',
    'koi8-r',
    'utf-7',
  ];
  return names.map((name) => {
    const bytes = iconv.encode(text, name);
    return [
      name,
      Array.from(bytes, (byte) => byte.toString(16)).join(''),
      iconv.decode(bytes, name),
      iconv.encodingExists(name),
    ];
  });
};
