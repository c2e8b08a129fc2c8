import nunjucks from 'nunjucks';

export default () => {
  const texts = {
    'base.html': '<title>{% block title %}none{% endblock %}</title>{% block body %}{% endblock %}',
    'page.html':
      '{% extends "base.html" %}{% import "macros.html" as m %}{% block title %}{{ super() }}!{% endblock %}{% block body %}{{ m.field("<q>") }}{% endblock %}',
    'macros.html': '{% macro field(name, type="text") %}[{{ name }}:{{ type }}]{% endmacro %}',
  };
  const Loader = nunjucks.Loader.extend({
    getSource: (name) => ({ src: texts[name], path: name, noCache: true }),
  });
  const env = new nunjucks.Environment(new Loader(), { autoescape: true });
  env.addFilter('twice', (text) => text + text);
  return [
    env.render('page.html', {}),
    env.renderString(
      '{% for k, v in o %}{{ loop.index }}{{ k }}={{ v }}{% if not loop.last %},{% endif %}{% else %}no{% endfor %} {{ "ab" | twice | upper }} {{ [3, 1, 2] | sort | join("-") }} {{ x if x else "y" }} {% set z = 5 %}{{ z ** 2 }} {{ "<b>" }} {{ "<b>" | safe }}',
      { o: { a: 1, b: 2 } },
    ),
  ];
};
