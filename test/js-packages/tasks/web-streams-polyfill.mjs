import { CountQueuingStrategy, ReadableStream, TransformStream, WritableStream } from 'web-streams-polyfill';

export default async () => {
  const log = [];
  const numbers = () => {
    let n = 0;
    return new ReadableStream(
      {
        pull: (controller) => (++n > 4 ? controller.close() : controller.enqueue(n)),
        cancel: (reason) => log.push(reason),
      },
      new CountQueuingStrategy({ highWaterMark: 2 }),
    );
  };
  const square = new TransformStream({
    transform: (n, controller) => controller.enqueue(n * n),
    flush: (controller) => controller.enqueue('end'),
  });
  const written = [];
  await numbers()
    .pipeThrough(square)
    .pipeTo(new WritableStream({ write: (chunk) => written.push(chunk), close: () => log.push('closed') }));
  const [left, right] = numbers().tee();
  const all = [];
  for await (const n of left) all.push(n);
  await right.cancel('enough');
  const bytes = new ReadableStream({
    type: 'bytes',
    start: (controller) => controller.enqueue(Uint8Array.of(1, 2, 3)),
  }).getReader({ mode: 'byob' });
  const { value } = await bytes.read(new Uint8Array(2));
  return { written, all, log, bytes: [...value] };
};
