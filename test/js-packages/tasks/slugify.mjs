import slugify from 'slugify';

export default () => {
  slugify.extend({ '☢': 'radioactive' });
  return [
    slugify('Some Text! with: punctuation.'),
    slugify('Ünïcödé & 100% ♥ $', { lower: true, strict: true }),
    slugify('Größe', { locale: 'de' }),
    slugify('a b c', { replacement: '_', remove: /b/ }),
    slugify('☢ unit'),
    slugify('Привет мир', { lower: true }),
  ];
};
