/** Tests of what is not installed everywhere. */
import test, { type ExecutionContext } from 'ava';
import type { Found } from './linux-build.js';

/** A test that is registered as skipped, with the reason in its title, if what it needs is not here. */
export function testWith<T>(
  found: Found<T>,
  title: string,
  body: (t: ExecutionContext, value: T) => unknown,
): void {
  if ('value' in found)
    test.serial(title, async (t) => {
      await body(t, found.value);
    });
  else test.skip(`${title} (skipped: ${found.missing})`, (t) => t.pass());
}
