import { Duplex, PassThrough, Readable, Stream, Transform, Writable, finished, pipeline } from 'node:stream';
import * as consumers from 'node:stream/consumers';
import { pipeline as piped } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';

const upper = () =>
  new Transform({
    transform(chunk, _encoding, done) {
      done(null, String(chunk).toUpperCase());
    },
  });

class Counter extends Readable {
  #left = 3;

  _read() {
    this.push(this.#left > 0 ? `${this.#left--}` : null);
  }
}

export default async () => {
  const out = [];
  const into = new Writable({
    write(chunk, _encoding, done) {
      out.push(chunk.toString());
      done();
    },
  });
  await piped(Readable.from(['a', 'b']), upper(), into);
  const order = [];
  const stream = new PassThrough();
  stream.on('data', (chunk) => order.push(`data ${chunk}`));
  stream.on('end', () => order.push('end'));
  stream.write('x');
  stream.end('y');
  await new Promise((resolve) => finished(stream, resolve));
  const failed = await new Promise((resolve) =>
    pipeline(
      new Readable({
        read() {
          this.destroy(new Error('broken'));
        },
      }),
      new PassThrough(),
      (error) => resolve(error.message),
    ),
  );
  const decoder = new StringDecoder('utf8');
  return [
    out,
    order,
    failed,
    await consumers.text(new Counter()),
    await consumers.json(Readable.from(['{"a"', ':1}'])),
    await Readable.from([1, 2, 3, 4])
      .filter((n) => n % 2)
      .map((n) => n * 10)
      .toArray(),
    await new Promise((resolve) => {
      const parts = [];
      const counter = new Counter({ encoding: 'utf8' });
      counter.on('readable', () => {
        for (let part = counter.read(); part !== null; part = counter.read()) parts.push(part);
      });
      counter.on('end', () => resolve(parts.join('')));
    }),
    [decoder.write(Buffer.from([0xe2, 0x82])), decoder.write(Buffer.from([0xac])), decoder.end()],
    [new Duplex() instanceof Readable, new PassThrough() instanceof Stream, Stream.Readable === Readable],
    new Readable().readableHighWaterMark > 0,
  ];
};
