import { Tiktoken } from 'js-tiktoken/lite';
import cl100k from 'js-tiktoken/ranks/cl100k_base';

export default () => {
  const encoder = new Tiktoken(cl100k);
  return ['Hello, world!', 'Grüße 🎉 漢字', ' x = [1,2,3]\n'].map((text) => {
    const tokens = encoder.encode(text);
    return [tokens, encoder.decode(tokens) === text];
  });
};
