import babel from '@babel/core';

export default () => {
  const plugin = ({ types: t }) => ({
    visitor: {
      Identifier: (path) => {
        if (path.node.name === 'old') path.node.name = 'fresh';
      },
      BinaryExpression: (path) => {
        const { confident, value } = path.evaluate();
        if (confident) path.replaceWith(t.valueToNode(value));
      },
    },
  });
  const source = 'const old = 1 + 2 * 3; export const f = (a) => old ** a;';
  const { code, map } = babel.transformSync(source, {
    plugins: [plugin],
    configFile: false,
    babelrc: false,
    sourceMaps: true,
    filename: 'a.js',
  });
  let problem;
  try {
    babel.transformSync('let a = ;', { configFile: false, babelrc: false });
  } catch ({ code: name, loc }) {
    problem = { name, loc };
  }
  return { code, mappings: map.mappings, problem };
};
