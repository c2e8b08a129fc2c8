// await at the top of a module.
const log = ['start'];
const first = await Promise.resolve('first');
log.push(first);
const settled = await Promise.allSettled([Promise.reject(new Error('x')), 1]);
log.push(settled.map((s) => s.status).join());
for await (const x of (async function* () {
  yield 'a';
  yield 'b';
})())
  log.push(x);
let caught;
try {
  await Promise.reject(new RangeError('top'));
} catch (e) {
  caught = e.name;
}
const { value, ...others } = await { value: 1, other: 2, third: await 3 };
const fns = [
  await (
    async () => (x) =>
      x * 2
  )(),
  await ((x) => x + 1),
];
class Late {
  static v = 'static';
  [await 'computed']() {
    return 'method';
  }
}
if (await true) log.push('if');
const sw = (await (async () => 2)()) === 2 ? 'two' : 'other';
log.push('end');
export default () => ({
  log: [...log],
  caught,
  value,
  others,
  fns: fns.map((f) => f(5)),
  late: new Late().computed(),
  sw,
});
