import * as cases from 'change-case';

export default () => {
  const texts = ['helloWorld', 'XMLHttpRequest', 'some_snake case', 'v2Api-Éclair'];
  const kinds = [
    'camelCase',
    'pascalCase',
    'snakeCase',
    'kebabCase',
    'constantCase',
    'dotCase',
    'capitalCase',
    'sentenceCase',
    'trainCase',
    'pathCase',
  ];
  return kinds.map((kind) => [kind, ...texts.map((text) => cases[kind](text))]);
};
