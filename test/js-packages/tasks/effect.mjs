import { Duration, Effect, Option, Schedule } from 'effect';
import * as Schema from 'effect/Schema';

export default async () => {
  const log = [];
  let tries = 0;
  const flaky = Effect.suspend(() => (++tries < 3 ? Effect.fail('again') : Effect.succeed(tries)));
  const program = Effect.gen(function* () {
    const n = yield* Effect.retry(flaky, Schedule.recurs(5));
    const all = yield* Effect.all([Effect.succeed(1), Effect.promise(async () => 2)], { concurrency: 2 });
    yield* Effect.sleep(Duration.millis(1));
    return { n, all };
  }).pipe(Effect.ensuring(Effect.sync(() => log.push('done'))));
  const failed = await Effect.runPromise(Effect.flip(Effect.fail({ code: 7 })));
  const Person = Schema.Struct({ name: Schema.String, age: Schema.NumberFromString });
  return {
    result: await Effect.runPromise(program),
    failed,
    log,
    some: Option.getOrElse(
      Option.map(Option.some(2), (n) => n * 2),
      () => 0,
    ),
    person: Schema.decodeUnknownSync(Person)({ name: 'Ada', age: '36' }),
    bad: (() => {
      try {
        return Schema.decodeUnknownSync(Person)({ name: 1 });
      } catch {
        return 'refused';
      }
    })(),
  };
};
