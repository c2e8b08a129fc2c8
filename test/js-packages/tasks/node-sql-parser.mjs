import parser from 'node-sql-parser';

const { Parser } = parser;

export default () => {
  const sql = new Parser();
  const text =
    "SELECT a, COUNT(*) AS n FROM t LEFT JOIN u ON t.id = u.t WHERE b IN (1, 2) AND c LIKE 'x%' GROUP BY a HAVING n > 1 ORDER BY n DESC LIMIT 5";
  const tree = sql.astify(text);
  let problem;
  try {
    sql.astify('SELEC a');
  } catch ({ name, location }) {
    problem = [name, location.start.line];
  }
  return {
    type: tree.type,
    joins: tree.from.map(({ table, join }) => [table, join]),
    back: sql.sqlify(tree),
    postgres: sql.sqlify(sql.astify('SELECT "x"::int FROM s.t', { database: 'postgresql' }), {
      database: 'postgresql',
    }),
    tables: sql.tableList('INSERT INTO a (b) SELECT c FROM d'),
    problem,
  };
};
