import * as A from 'fp-ts/lib/Array.js';
import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import * as N from 'fp-ts/lib/number.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

export default async () => {
  const parse = (text) => (Number.isNaN(Number(text)) ? E.left(`no number: ${text}`) : E.right(Number(text)));
  const later = pipe(
    TE.tryCatch(async () => 5, String),
    TE.map((n) => n + 1),
    TE.chain((n) => (n > 5 ? TE.right(n) : TE.left('small'))),
  );
  return [
    pipe(['1', '2'], A.traverse(E.Applicative)(parse)),
    pipe(['1', 'x'], A.traverse(E.Applicative)(parse)),
    pipe([3, 1, 2, 1], A.uniq(N.Eq), A.sort(N.Ord), A.chunksOf(2)),
    pipe(
      O.some(2),
      O.filter((n) => n > 5),
      O.getOrElse(() => 0),
    ),
    await later(),
    A.zip([1, 2], ['a', 'b']),
  ];
};
