import { Buffer } from '../buffer.js';

async function partsOf(stream) {
  const parts = [];
  for await (const part of stream) parts.push(typeof part === 'string' ? Buffer.from(part) : part);
  return parts;
}

async function buffer(stream) {
  return Buffer.concat(await partsOf(stream));
}

async function text(stream) {
  return new TextDecoder().decode(await buffer(stream));
}

export default {
  buffer,
  text,
  async arrayBuffer(stream) {
    const bytes = await buffer(stream);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  },
  blob: async (stream) => new globalThis.Blob(await partsOf(stream)),
  json: async (stream) => JSON.parse(await text(stream)),
};
