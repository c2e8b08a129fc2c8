// CompressionStream and DecompressionStream.
const through = async (bytes, stream) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());

export default async () => {
  const text = new TextEncoder().encode('again and '.repeat(50));
  const results = [];
  for (const format of ['gzip', 'deflate', 'deflate-raw']) {
    const packed = await through(text, new CompressionStream(format));
    results.push(
      packed.length < text.length,
      new TextDecoder().decode(await through(packed, new DecompressionStream(format))),
    );
  }
  return results;
};
