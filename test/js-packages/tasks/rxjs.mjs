import {
  combineLatest,
  EMPTY,
  firstValueFrom,
  from,
  interval,
  lastValueFrom,
  of,
  Subject,
  throwError,
  zip,
} from 'rxjs';
import {
  bufferCount,
  catchError,
  debounceTime,
  filter,
  map,
  mergeMap,
  retry,
  scan,
  share,
  switchMap,
  take,
  toArray,
} from 'rxjs/operators';

export default async () => {
  const log = [];
  const subject = new Subject();
  const shared = subject.pipe(
    scan((a, b) => a + b, 0),
    share(),
  );
  const one = shared.subscribe((n) => log.push(`a${n}`));
  shared.subscribe({ next: (n) => log.push(`b${n}`), complete: () => log.push('end') });
  subject.next(1);
  one.unsubscribe();
  subject.next(2);
  subject.complete();
  let tries = 0;
  const flaky = of(1).pipe(
    mergeMap(() => (++tries < 3 ? throwError(() => new Error('x')) : of(tries))),
    retry(5),
  );
  return {
    log,
    list: await lastValueFrom(
      from([1, 2, 3, 4, 5]).pipe(
        filter((n) => n % 2),
        map((n) => n * n),
        bufferCount(2),
        toArray(),
      ),
    ),
    timed: await lastValueFrom(interval(1).pipe(take(3), toArray())),
    zipped: await lastValueFrom(zip(of(1, 2), from(Promise.resolve(3))).pipe(toArray())),
    latest: await lastValueFrom(combineLatest([of(1, 2), of('a', 'b')]).pipe(toArray())),
    caught: await firstValueFrom(
      throwError(() => new RangeError('r')).pipe(catchError(({ name }) => of(name))),
    ),
    flaky: await firstValueFrom(flaky),
    debounced: await lastValueFrom(from([1, 2, 3]).pipe(debounceTime(2), toArray())),
    switched: await lastValueFrom(
      of(1, 2).pipe(
        switchMap((n) => of(n, n * 10)),
        toArray(),
      ),
    ),
    empty: await firstValueFrom(EMPTY, { defaultValue: 'none' }),
  };
};
