import { Engine } from 'snapvm';
import { afterAll, beforeAll, expect, test } from 'vitest';

let engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(async () => {
  await engine.close();
});

test('a function answers', async () => {
  const greet = await engine.define('greet', { js: 'export default ({ name }) => ({ hello: name })' });
  expect(await greet.call({ name: 'Ada' })).toEqual({ hello: 'Ada' });
});

test('an error of a function is a GuestThrownError', async () => {
  const fail = await engine.define('fail', { js: 'export default () => { throw new RangeError("no") }' });
  await expect(fail.call()).rejects.toMatchObject({ code: 'SNAPVM_JS_ERROR' });
});
