// Web streams.
async function read(stream) {
  const parts = [];
  for await (const part of stream) parts.push(typeof part === 'string' ? part : Array.from(part));
  return parts;
}

function numbers(count) {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next === count) controller.close();
      else controller.enqueue(next++);
    },
  });
}

export default async () => {
  const doubled = numbers(4).pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        controller.enqueue([chunk * 2]);
      },
    }),
  );
  const written = [];
  await numbers(3).pipeTo(
    new WritableStream({
      write: (chunk) => void written.push(chunk),
      close: () => void written.push('closed'),
    }),
  );
  const [one, other] = new ReadableStream({
    start(controller) {
      controller.enqueue('a');
      controller.close();
    },
  }).tee();
  const failing = new ReadableStream({
    start(controller) {
      controller.error(new RangeError('broken'));
    },
  });
  const reader = numbers(2).getReader();
  const bytes = new ReadableStream({
    type: 'bytes',
    start(controller) {
      controller.enqueue(new Uint8Array([1, 2, 3]));
      controller.close();
    },
  });
  const encoded = new ReadableStream({
    start(controller) {
      controller.enqueue('h');
      controller.enqueue('é');
      controller.close();
    },
  }).pipeThrough(new TextEncoderStream());
  const decoded = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array([0xe2, 0x82]));
      controller.enqueue(new Uint8Array([0xac, 0x21]));
      controller.close();
    },
  }).pipeThrough(new TextDecoderStream());
  return [
    await read(doubled),
    written,
    [await read(one), await read(other)],
    await read(failing).catch((error) => [error.name, error.message]),
    [await reader.read(), await reader.read(), await reader.read()],
    await read(bytes),
    await read(encoded),
    await read(decoded),
    [new CountQueuingStrategy({ highWaterMark: 3 }).size(), numbers(1).locked],
    await read(ReadableStream.from(['x', 'y'])),
  ];
};
