// set() between arrays over the same buffer, of one kind and of different ones; buffers that change their size.
export default () => {
  const buffer = new ArrayBuffer(16);
  const bytes = new Uint8Array(buffer);
  const words = new Uint16Array(buffer);
  const filled = () => bytes.set(Array.from({ length: 16 }, (_, i) => i + 1));
  const results = [];
  const tried = (run) => {
    filled();
    run();
    results.push([...bytes]);
  };
  tried(() => words.set(bytes.subarray(0, 8)));
  tried(() => words.set(bytes.subarray(8)));
  tried(() => bytes.set(words));
  tried(() => bytes.set(words, 8));
  tried(() => bytes.set(bytes.subarray(0, 8), 4));
  const growing = new ArrayBuffer(4, { maxByteLength: 8 });
  const view = new Uint8Array(growing);
  growing.resize(8);
  view[7] = 9;
  const grown = [view.length, view[7]];
  growing.resize(2);
  return { results, grown, shrunk: [view.length, view[7] === undefined, growing.resizable] };
};
