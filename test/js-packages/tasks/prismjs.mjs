import Prism from 'prismjs';

export default () => {
  Prism.languages.own = { word: /\b[a-z]+\b/, number: { pattern: /(=)\d+/, lookbehind: true, alias: 'n' } };
  return [
    Prism.highlight(
      'const a = `t${1 + 2}`; // c\nclass A { #x = /r/g }',
      Prism.languages.javascript,
      'javascript',
    ),
    Prism.highlight('<p class="a">x &amp; <style>a{b:c}</style></p>', Prism.languages.markup, 'markup'),
    Prism.highlight('abc =12', Prism.languages.own, 'own'),
    Prism.tokenize('a{color:red}', Prism.languages.css).map((token) => token.type ?? token),
  ];
};
