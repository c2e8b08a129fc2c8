import stringWidth from 'string-width';

export default () =>
  ['abc', '漢字', '\u001B[31mred\u001B[39m', '👨‍👩‍👧‍👦', 'e\u0301', '🇩🇪', 'ｱ', '', '\u200B', '☺️'].map(
    (text) => stringWidth(text),
  );
