import Handlebars from 'handlebars';

export default () => {
  const own = Handlebars.create();
  own.registerHelper('loud', (text) => new own.SafeString(`<b>${text.toUpperCase()}</b>`));
  own.registerHelper('twice', function (options) {
    return options.fn(this) + options.fn(this);
  });
  own.registerPartial('line', '{{@index}}:{{name}}{{#unless @last}}, {{/unless}}');
  const template = own.compile(
    '{{#each people}}{{> line}}{{else}}none{{/each}} {{loud word}} {{{raw}}} {{raw}} {{#twice}}[{{word}}]{{/twice}} {{#with a.b}}{{c}}{{/with}}',
  );
  const data = { people: [{ name: 'Ada' }, { name: 'B & C' }], word: 'hi', raw: '<i>', a: { b: { c: 7 } } };
  let problem;
  try {
    own.compile('{{#if a}}', {})({});
  } catch ({ name, lineNumber }) {
    problem = [name, lineNumber];
  }
  return [template(data), template({ word: '' }), problem, own.precompile('{{a}}').length > 100];
};
