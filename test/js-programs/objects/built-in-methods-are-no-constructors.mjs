// What a runtime adds to or replaces in the library looks as the language's own: names, lengths, no constructors.
function isConstructor(value) {
  try {
    Reflect.construct(Object, [], value);
    return true;
  } catch {
    return false;
  }
}

function look(holder, name) {
  const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(holder, name);
  const shown = [value.name, value.length, isConstructor(value), Object.hasOwn(value, 'prototype')];
  return [...shown, writable, enumerable, configurable].join(' ');
}

export default function builtInMethods() {
  const TypedArray = Object.getPrototypeOf(Uint8Array);
  const asyncGenerator = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()));
  const names = [
    [TypedArray.prototype, 'set'],
    [asyncGenerator, 'return'],
    [Date.prototype, 'toString'],
    [Date.prototype, 'toTimeString'],
    [Date.prototype, 'toLocaleString'],
    [Date.prototype, 'toLocaleDateString'],
    [Date.prototype, 'toLocaleTimeString'],
    [Date, 'parse'],
    [Date, 'UTC'],
    [Number.prototype, 'toLocaleString'],
    [BigInt.prototype, 'toLocaleString'],
    [String.prototype, 'localeCompare'],
    [FinalizationRegistry.prototype, 'register'],
    [FinalizationRegistry.prototype, 'unregister'],
    [WeakRef.prototype, 'deref'],
  ];
  return names.map(([holder, name]) => look(holder, name));
}
