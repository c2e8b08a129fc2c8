// Upper and lower case beyond ASCII: special casing, final sigma, length changes.
export default () => ({
  up: ['straße', 'ﬃ', 'ŉ', 'ı', 'ÿ', 'ǆ', 'ά', 'ΐ', 'ß', 'µ', 'ⓐ', '𐐨', 'և', 'ᾳ'].map((s) => s.toUpperCase()),
  low: ['ÀÉ', 'İ', 'ΑΣ', 'ΑΣ Β', 'Σ', 'ΣΑ', 'ẞ', 'Ⅷ', '𐐀', 'K', 'Å', 'Ǆ', 'Ω'].map((s) => s.toLowerCase()),
  lens: [...'ßŉİﬃ'].map((c) => [c.toUpperCase().length, c.toLowerCase().length]),
  round: [...'aZßΣıİ'].map((c) => c.toUpperCase().toLowerCase() === c.toLowerCase()),
  points: [...'İ'.toLowerCase()].map((c) => c.codePointAt(0)),
  digits: '123 !?'.toUpperCase(),
});
