import jsonata from 'jsonata';

export default async () => {
  const data = {
    orders: [
      {
        id: 1,
        lines: [
          { p: 2, q: 3, n: 'a' },
          { p: 5, q: 1, n: 'b' },
        ],
      },
      { id: 2, lines: [{ p: 1, q: 10, n: 'a' }] },
    ],
  };
  const texts = [
    '$sum(orders.lines.(p * q))',
    'orders.lines[p > 1].n',
    'orders.lines{n: $sum(q)}',
    'orders^(>id).id',
    '$map(orders, function($o) { $o.id & ":" & $count($o.lines) })',
    '($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))',
    '$uppercase($join(orders.lines.n, "-")) ~> $replace(/A/, "x")',
    '**.q',
    '$formatNumber(1234.5, "#,##0.00")',
    '$fromMillis(0, "[Y]-[M01]-[D01]")',
  ];
  const results = [];
  for (const text of texts) results.push(await jsonata(text).evaluate(data));
  const problem = await jsonata('$sum("a")')
    .evaluate({})
    .catch(({ code }) => code);
  return { results: JSON.parse(JSON.stringify(results)), problem };
};
