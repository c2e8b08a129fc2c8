import { Liquid } from 'liquidjs';

export default async () => {
  const engine = new Liquid({ templates: { part: '[{{ x | default: "none" }}]' } });
  engine.registerFilter('twice', (text) => text + text);
  const text = `{% assign all = list | sort | reverse %}{% for n in all limit:2 %}{{ forloop.index }}={{ n | times: 2 }};{% else %}no{% endfor %}{% if a.b == "x" and list contains 3 %}yes{% endif %} {{ "ab" | twice | upcase }} {{ "<i>" | escape }} {% render "part", x: a.b %} {{ 1700000000 | date: "%Y-%m-%d" }}{% case n %}{% when 1 %}one{% endcase %}`;
  const problem = await engine.parseAndRender('{% if %}').catch(({ name }) => name);
  return [
    await engine.parseAndRender(text, { list: [3, 1, 2], a: { b: 'x' }, n: 1 }),
    engine.parseAndRenderSync('{{ a | split: "," | join: "+" }}', { a: '1,2' }),
    problem,
  ];
};
