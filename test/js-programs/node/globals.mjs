export default async () => {
  const order = [];
  await new Promise((resolve) => {
    setImmediate(() => {
      order.push('immediate');
      resolve();
    });
    process.nextTick((value) => order.push(value), 'tick');
    order.push('now');
  });
  const { Buffer: Taken } = globalThis;
  return [
    order,
    typeof Buffer,
    typeof process,
    Taken === Buffer,
    global === globalThis,
    'Buffer' in globalThis,
    process.platform,
    typeof process.version,
    process.version.slice(0, 3),
    Array.isArray(process.argv),
    typeof process.env.PATH_THAT_IS_NOT_THERE,
    process.hrtime().length,
    typeof process.hrtime.bigint(),
    typeof process.cwd(),
    process.stdout.write(''),
    Object.prototype.toString.call(process),
  ];
};
