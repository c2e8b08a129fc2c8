import { Eta } from 'eta';

export default async () => {
  const eta = new Eta({ autoTrim: false });
  eta.loadTemplate('@layout', '<html><%~ it.body %></html>');
  eta.loadTemplate('@part', '<i><%= it.x %></i>');
  return [
    eta.renderString('<% it.list.forEach((x, i) => { %><%= i %>:<%= x %>;<% }) %>', { list: ['<a>', 'b'] }),
    eta.renderString('<% layout("@layout") %>inner <%~ include("@part", { x: "&" }) %>', {}),
    await eta.renderStringAsync('<%= await it.later %>', { later: Promise.resolve(5) }),
  ];
};
