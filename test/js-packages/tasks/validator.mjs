import validator from 'validator';

export default () => [
  ['a@b.org', 'a@', '"q q"@e.org'].map((text) => validator.isEmail(text)),
  ['https://e.org/a?b', 'e', 'ftp://1.2.3.4:21'].map((text) => validator.isURL(text)),
  ['DE89370400440532013000', 'GB00'].map((text) => validator.isIBAN(text)),
  ['4111111111111111', '4111111111111112'].map((text) => validator.isCreditCard(text)),
  validator.isMobilePhone('+4915112345678', 'de-DE'),
  [
    validator.isISO8601('2024-02-30', { strict: true }),
    validator.isUUID('123e4567-e89b-42d3-a456-426614174000', 4),
    validator.isJSON('{"a":1}'),
  ],
  validator.normalizeEmail('A.b+c@GMail.com'),
  validator.escape('<a href="x">'),
  validator.isStrongPassword('aB1!aB1!', { returnScore: true }),
  [
    validator.isAlpha('äöü', 'de-DE'),
    validator.isDecimal('1,5', { locale: 'de-DE' }),
    validator.isISBN('9783836221191'),
  ],
  validator.trim('  x '),
];
