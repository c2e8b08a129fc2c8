import * as pako from 'pako';

export default () => {
  const text = 'immer wieder der gleiche Text. '.repeat(200);
  const packed = pako.deflate(text, { level: 9 });
  const zipped = pako.gzip(Uint8Array.of(1, 2, 3));
  let problem;
  try {
    pako.inflate(Uint8Array.of(1, 2, 3));
  } catch (error) {
    problem = String(error.message ?? error);
  }
  return {
    size: packed.length,
    sum: packed.reduce((a, b) => (a * 31 + b) % 65521, 0),
    same: new TextDecoder().decode(pako.inflate(packed)) === text,
    unzipped: Array.from(pako.ungzip(zipped)),
    raw: new TextDecoder().decode(pako.inflateRaw(pako.deflateRaw('ü'))),
    problem: problem.length > 0,
  };
};
