/** Shares equal layers: derived snapshots of the same hash have one image of their own pages. */
import type { AddonImage } from '../addon/addon.js';

/** One holder's share of an image. */
export interface SharedLayer {
  readonly image: AddonImage;
  /** Closes the image if nobody else holds it. Idempotent. */
  release(): void;
}

interface Alive {
  readonly image: AddonImage;
  holders: number;
}

/** The layers by the hash of the derived snapshot, which covers their pages and content. */
const alive = new Map<string, Alive>();

/** Takes `image` over: when one of that hash is alive, that one is used instead and `image` closed. */
export function shareLayer(hash: string, image: AddonImage): SharedLayer {
  let layer = alive.get(hash);
  if (layer === undefined) {
    layer = { image, holders: 0 };
    alive.set(hash, layer);
  } else if (layer.image !== image) {
    image.close();
  }
  layer.holders += 1;
  return shareOf(hash, layer);
}

function shareOf(hash: string, layer: Alive): SharedLayer {
  let held = true;
  return {
    image: layer.image,
    release: () => {
      if (!held) return;
      held = false;
      layer.holders -= 1;
      if (layer.holders > 0) return;
      alive.delete(hash);
      layer.image.close();
    },
  };
}
