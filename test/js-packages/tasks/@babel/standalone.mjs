import * as babel from '@babel/standalone';

export default () => {
  const source = 'class A { #x = 1; get x() { return this.#x ?? 0; } }\nconst e = <p {...q}>{`a${1}`}</p>;';
  const { code } = babel.transform(source, { presets: [['env', { targets: 'ie 11' }], 'react'] });
  const typed = babel.transform('enum E { A = 1, B } let x: E = E.B as any;', {
    presets: ['typescript'],
    filename: 'a.ts',
  });
  return { code, typed: typed.code };
};
