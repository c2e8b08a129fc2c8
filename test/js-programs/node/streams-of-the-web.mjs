import { Duplex, PassThrough, Readable, Writable } from 'node:stream';

function collector(parts, options) {
  return new Writable({
    ...options,
    write(part, _encoding, done) {
      parts.push(`${part}`);
      setTimeout(done, 1);
    },
  });
}

async function all(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

async function failure(promise) {
  try {
    return await promise;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

export default async () => {
  const web = (...parts) =>
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
  const written = [];
  const sink = new WritableStream({
    write: (part) => void written.push(`${part}`),
    close: () => void written.push('closed'),
  });
  const target = Writable.fromWeb(sink);
  await new Promise((resolve) => target.end(Buffer.from('ab'), resolve));
  const slow = [];
  const writer = Writable.toWeb(collector(slow, { highWaterMark: 1 })).getWriter();
  for (const part of ['one', 'two']) await writer.write(Buffer.from(part));
  await writer.close();
  const through = Duplex.toWeb(new PassThrough());
  const half = through.writable.getWriter();
  half.write(new TextEncoder().encode('through'));
  half.close();
  const duplex = Duplex.fromWeb(new TransformStream());
  duplex.end('there');
  let cancelled;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue('x'),
    cancel: (why) => (cancelled = why),
  });
  const broken = Readable.fromWeb(endless, { encoding: 'utf8' });
  broken.on('error', () => {});
  broken.once('data', () => broken.destroy(new Error('enough')));
  const bytes = await all(
    Readable.toWeb(Readable.from([Buffer.from('a'), Buffer.from('b')], { objectMode: false })),
  );
  return [
    (await all(Readable.fromWeb(web('a', 'b'), { encoding: 'utf8' }))).join(''),
    await all(Readable.fromWeb(web({ a: 1 }, { b: 2 }), { objectMode: true })),
    await all(Readable.toWeb(Readable.from([1, 2, 3]))),
    bytes.map((part) => [part.constructor.name, part.length]),
    written,
    slow,
    (await all(through.readable)).map((part) => new TextDecoder().decode(part)),
    (await all(duplex)).join(''),
    [await failure(all(broken)), cancelled?.message],
    await failure(
      all(
        Readable.toWeb(
          new Readable({
            read() {
              this.destroy(new Error('no'));
            },
          }),
        ),
      ),
    ),
    await failure(
      all(
        Readable.fromWeb(new ReadableStream({ start: (controller) => controller.error(new Error('bad')) })),
      ),
    ),
  ];
};
