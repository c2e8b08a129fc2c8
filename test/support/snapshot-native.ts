/** A stand-in for the addon: images that are plain shared memory, and a count of those still open. */
import type { AddonImage } from '../../src/addon/addon.js';
import type { ImageFactory } from '../../src/snapshot/image.js';

export interface FakeNative extends ImageFactory {
  open: number;
  sealed: number;
}

export function fakeNative(): FakeNative {
  let id = 0;
  const fake: FakeNative = {
    open: 0,
    sealed: 0,
    createImage(view): AddonImage {
      id += 1;
      fake.open += 1;
      let closed = false;
      return {
        id,
        byteLength: view.byteLength,
        heldBytes: view.byteLength,
        read: (offset, target) => target.set(view.subarray(offset, offset + target.length)),
        write: (offset, bytes) => view.set(bytes, offset),
        seal: () => {
          fake.sealed += 1;
        },
        close: () => {
          if (!closed) fake.open -= 1;
          closed = true;
        },
      };
    },
  };
  return fake;
}
