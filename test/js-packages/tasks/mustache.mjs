import Mustache from 'mustache';

export default () => {
  const view = {
    name: '<Ada>',
    list: [{ n: 1 }, { n: 2 }],
    empty: [],
    deep: { a: { b: 5 } },
    loud: () => (text, render) => render(text).toUpperCase(),
  };
  let problem;
  try {
    Mustache.render('{{#a}}', {});
  } catch ({ message }) {
    problem = message;
  }
  return [
    Mustache.render('{{name}} {{{name}}} {{&name}} {{deep.a.b}}', view),
    Mustache.render('{{#list}}{{n}},{{/list}}{{^empty}}none{{/empty}}{{! no }}', view),
    Mustache.render('{{#loud}}hi {{name}}{{/loud}}', view),
    Mustache.render('{{>part}}', view, { part: '[{{deep.a.b}}]' }),
    Mustache.render('<% name %>', view, {}, ['<%', '%>']),
    Mustache.parse('a{{b}}').map(([type]) => type),
    problem,
  ];
};
