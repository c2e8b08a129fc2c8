import { and, asc, count, desc, eq, gt, inArray, like, sql } from 'drizzle-orm';
import { integer, pgTable, QueryBuilder, serial, text, timestamp } from 'drizzle-orm/pg-core';

const users = pgTable('users', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  age: integer('age'),
});
const posts = pgTable('posts', {
  id: serial('id').primaryKey(),
  author: integer('author_id').references(() => users.id),
  on: timestamp('created_on').defaultNow(),
});

export default () => {
  const qb = new QueryBuilder();
  const queries = [
    qb
      .select()
      .from(users)
      .where(and(eq(users.name, 'Ada'), gt(users.age, 18)))
      .orderBy(desc(users.id))
      .limit(5),
    qb
      .select({ name: users.name, n: count(posts.id) })
      .from(users)
      .leftJoin(posts, eq(posts.author, users.id))
      .groupBy(users.name),
    qb
      .select({ upper: sql`upper(${users.name})` })
      .from(users)
      .where(inArray(users.id, [1, 2]))
      .orderBy(asc(users.age)),
    qb
      .with(qb.$with('old').as(qb.select().from(users).where(like(users.name, 'A%'))))
      .select()
      .from(posts),
  ];
  return queries.map((query) => query.toSQL());
};
