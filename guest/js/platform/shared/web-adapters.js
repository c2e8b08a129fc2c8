// What makes streams of Node of those of the web, and the other way: `fromWeb` and `toWeb`.
import { unavailable } from './host-module.js';

/** Whoever calls `toWeb` has loaded what installs the class: a program that never does should not carry it. */
function webClass(name) {
  if (globalThis[name] !== undefined) return globalThis[name];
  throw unavailable(`${name}, which toWeb needs when it is called in a way that cannot be seen in the code,`);
}

function strategyOf(highWaterMark, isOfObjects) {
  return { highWaterMark, size: (chunk) => (isOfObjects ? 1 : (chunk?.byteLength ?? 1)) };
}

/** Bytes of the web are no Buffers. */
function plain(chunk, isOfObjects) {
  if (isOfObjects || !(chunk instanceof Uint8Array)) return chunk;
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

export function addWebAdapters({ Readable, Writable, Duplex, finished }) {
  const functions = {
    Readable: { fromWeb: readableFromWeb, toWeb: readableToWeb },
    Writable: { fromWeb: writableFromWeb, toWeb: writableToWeb },
    Duplex: { fromWeb: duplexFromWeb, toWeb: duplexToWeb },
  };
  for (const [name, Class] of Object.entries({ Readable, Writable, Duplex }))
    Object.assign(Class, functions[name]);

  function readableToWeb(readable, { strategy } = {}) {
    const isOfObjects = readable.readableObjectMode;
    const source = {
      start(controller) {
        readable.pause();
        finished(readable, { writable: false }, (error) => {
          if (error) controller.error(error);
          else controller.close();
          readable.on('error', () => {});
        });
        readable.on('data', (chunk) => {
          controller.enqueue(plain(chunk, isOfObjects));
          if (controller.desiredSize <= 0) readable.pause();
        });
        readable.pause();
      },
      pull: () => void readable.resume(),
      cancel: (reason) => void readable.destroy(reason),
    };
    const queue = strategy ?? strategyOf(readable.readableHighWaterMark, isOfObjects);
    return new (webClass('ReadableStream'))(source, queue);
  }

  function readingOf(stream) {
    const reader = stream.getReader();
    return {
      read() {
        reader.read().then(
          ({ done, value }) => this.push(done ? null : value),
          (error) => this.destroy(error),
        );
      },
      close: (error) => reader.cancel(error),
    };
  }

  function readableFromWeb(stream, options) {
    const { read, close } = readingOf(stream);
    const destroy = (error, done) => settle(close(error), error, done);
    return new Readable({ ...options, read, destroy });
  }

  function writableToWeb(writable) {
    const sink = {
      write(chunk) {
        if (writable.write(chunk)) return undefined;
        return new Promise((resolve, reject) => {
          writable.once('drain', resolve);
          writable.once('error', reject);
        });
      },
      close: () =>
        new Promise((resolve, reject) => {
          finished(writable, { readable: false }, (error) => (error ? reject(error) : resolve()));
          writable.end();
        }),
      abort: (reason) => void writable.destroy(reason),
      start(controller) {
        writable.on('error', (error) => controller.error(error));
      },
    };
    const queue = strategyOf(writable.writableHighWaterMark, writable.writableObjectMode);
    return new (webClass('WritableStream'))(sink, queue);
  }

  function writingOf(stream) {
    const writer = stream.getWriter();
    return {
      write: (chunk, _encoding, done) =>
        settle(
          writer.ready.then(() => writer.write(chunk)),
          undefined,
          done,
        ),
      final: (done) => settle(writer.close(), undefined, done),
      abort: (error) => (error ? writer.abort(error) : undefined),
    };
  }

  function writableFromWeb(stream, options) {
    const { write, final, abort } = writingOf(stream);
    const destroy = (error, done) => settle(abort(error), error, done);
    return new Writable({ ...options, write, final, destroy });
  }

  function duplexToWeb(duplex) {
    return { readable: readableToWeb(duplex), writable: writableToWeb(duplex) };
  }

  function duplexFromWeb({ readable, writable }, options) {
    const { read, close } = readingOf(readable);
    const { write, final, abort } = writingOf(writable);
    const destroy = (error, done) => settle(Promise.all([close(error), abort(error)]), error, done);
    return new Duplex({ ...options, read, write, final, destroy });
  }
}

/** Tells a callback how a promise ended, or the error that there was before. */
function settle(promise, error, done) {
  Promise.resolve(promise).then(
    () => done(error),
    (reason) => done(error ?? reason),
  );
}
