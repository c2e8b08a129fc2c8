import assert, { AssertionError, deepStrictEqual } from 'node:assert';
import strict from 'assert/strict';

function failure(run) {
  try {
    run();
    return null;
  } catch (error) {
    return [error instanceof AssertionError, error.code, error.operator ?? null, error.name];
  }
}

export default async () => [
  failure(() => assert(0)),
  failure(() => assert.equal(1, '1')),
  failure(() => strict.equal(1, '1')),
  failure(() => deepStrictEqual({ a: [1, new Map([[1, { b: 2 }]])] }, { a: [1, new Map([[1, { b: 2 }]])] })),
  failure(() => deepStrictEqual(new Set([1]), new Set([2]))),
  failure(() => deepStrictEqual([1, , 3], [1, undefined, 3])),
  failure(() => deepStrictEqual(Object.create(null), {})),
  failure(() => deepStrictEqual(-0, 0)),
  failure(() => assert.deepEqual({ a: 1 }, { a: '1' })),
  failure(() =>
    assert.throws(() => {
      throw new TypeError('bad');
    }, TypeError),
  ),
  failure(() => assert.throws(() => {}, /x/)),
  failure(() => assert.match('abc', /b/)),
  failure(() => assert.match('abc', /z/)),
  failure(() => assert.fail('so')),
  await assert.rejects(Promise.reject(new RangeError('r')), RangeError).then(() => 'rejected'),
];
