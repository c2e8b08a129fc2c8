import JSZip from 'jszip';

export default async () => {
  const zip = new JSZip();
  const date = new Date(Date.UTC(2000, 0, 1));
  zip.file('a.txt', 'grüße '.repeat(100), { date });
  zip.folder('sub').file('b.bin', Uint8Array.of(1, 2, 3), { date });
  const bytes = await zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' });
  const read = await JSZip.loadAsync(bytes);
  const problem = await JSZip.loadAsync('no zip').catch(({ message }) => message.slice(0, 20));
  return {
    small: bytes.length < 700,
    names: Object.keys(read.files),
    text: (await read.file('a.txt').async('string')).length,
    bytes: Array.from(await read.file('sub/b.bin').async('uint8array')),
    base64: await read.file('sub/b.bin').async('base64'),
    problem,
  };
};
