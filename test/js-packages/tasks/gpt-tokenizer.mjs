import { countTokens, decode, encode, isWithinTokenLimit } from 'gpt-tokenizer';

export default () => {
  const texts = [
    'Hello, world!',
    'Grüße aus München 🎉',
    '  function f() {\n\treturn 1;\n}',
    '漢字とかな',
    '1234567890',
  ];
  return texts.map((text) => {
    const tokens = encode(text);
    return [tokens, decode(tokens) === text, countTokens(text), isWithinTokenLimit(text, 3)];
  });
};
