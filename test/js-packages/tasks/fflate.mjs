import {
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
  strFromU8,
  strToU8,
  unzipSync,
  zipSync,
} from 'fflate';

export default () => {
  const text = strToU8('immer wieder der gleiche Text. '.repeat(300));
  const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 7919) >> 5);
  const sizes = [1, 6, 9].map((level) => deflateSync(text, { level }).length);
  const zip = zipSync(
    { 'a.txt': text, sub: { 'b.bin': [noise, { level: 0 }] } },
    { mtime: new Date(2000, 0, 1) },
  );
  const files = unzipSync(zip);
  return {
    sizes,
    same: strFromU8(inflateSync(deflateSync(text))) === strFromU8(text),
    noise: gunzipSync(gzipSync(noise, { mtime: 1 })).every((byte, i) => byte === noise[i]),
    files: Object.entries(files).map(([name, bytes]) => [name, bytes.length]),
    zip: [zip.length, zip.reduce((a, b) => (a * 31 + b) % 65521, 0)],
  };
};
