/** The PEB: tells the guest where its buffers are, as four little-endian `{u64 size, u64 pointer}`. */
import type { Extent, Layout } from './layout.js';

/** Bytes of input, output, initial data and heap, in this order; pointers are GVAs, zeros stand for what is absent. */
export function pebBytes({ input, output, initData, heap }: Layout): Uint8Array {
  const view = new DataView(new ArrayBuffer(64));
  const parts: (Extent | undefined)[] = [input, output, initData, heap];
  for (const [index, part] of parts.entries()) {
    view.setBigUint64(index * 16, BigInt(part?.bytes ?? 0), true);
    view.setBigUint64(index * 16 + 8, part?.gva ?? 0n, true);
  }
  return new Uint8Array(view.buffer);
}
