// Methods for locales that are called on what is no number, BigInt or text.
function attempt(run) {
  try {
    return run();
  } catch (error) {
    return error.name;
  }
}

export default function localeMethodsOfOthers() {
  const { toLocaleString: ofNumber } = Number.prototype;
  const { toLocaleString: ofBigInt } = BigInt.prototype;
  const { localeCompare } = String.prototype;
  return [
    attempt(() => ofNumber.call('1')),
    attempt(() => ofNumber.call({})),
    attempt(() => ofNumber.call(Object(1234))),
    attempt(() => ofBigInt.call(1)),
    attempt(() => ofBigInt.call('1')),
    attempt(() => ofBigInt.call(Object(1234n))),
    attempt(() => localeCompare.call(undefined, 'a')),
    attempt(() => localeCompare.call(null, 'a')),
    attempt(() => localeCompare.call(12, '12')),
    attempt(() => 'a'.localeCompare(Symbol('b'))),
    attempt(() => localeCompare.call({ toString: () => 'c' }, 'c')),
  ];
}
