import ejs from 'ejs';

export default async () => {
  const text =
    '<% for (const { name, price } of items) { -%>\n<li><%= name %> <%- price.toFixed(2) %></li>\n<% } %><%# no %>';
  const items = [
    { name: '<b>', price: 1.5 },
    { name: 'ü', price: 2 },
  ];
  let problem;
  try {
    ejs.render('<%= a.b.c %>', { a: {} });
  } catch ({ name }) {
    problem = name;
  }
  return [
    ejs.render(text, { items }),
    ejs.compile('[?= a ?]', { delimiter: '?', openDelimiter: '[', closeDelimiter: ']' })({ a: '&' }),
    await ejs.render('<%= await a %>', { a: Promise.resolve(3) }, { async: true }),
    problem,
  ];
};
