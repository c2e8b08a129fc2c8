import initSqlJs from 'sql.js';

export default async () => {
  const SQL = await initSqlJs();
  const database = new SQL.Database();
  database.run('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, x REAL)');
  database.run('INSERT INTO t (name, x) VALUES (?, ?), (?, ?)', ['a', 1.5, 'b', null]);
  database.create_function('twice', (n) => n * 2);
  const [{ columns, values }] = database.exec(
    'SELECT name, twice(id), x FROM t WHERE id > $id ORDER BY id DESC',
    { $id: 0 },
  );
  let problem;
  try {
    database.run('SELEC');
  } catch ({ message }) {
    problem = message;
  }
  return { columns, values, problem, changes: database.getRowsModified() };
};
