export const slow = await new Promise((resolve) => queueMicrotask(() => resolve('ready')));
export const failed = await Promise.reject(new RangeError('no')).catch((e) => e.name);
export const table = new Map();
for await (const [k, v] of [
  ['a', Promise.resolve(1)],
  ['b', 2],
])
  table.set(k, await v);
