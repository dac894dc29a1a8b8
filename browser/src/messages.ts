// What the page and its worker tell each other. A file's name is never read, on either side.

import type { VideoMaterial } from "./film";
import type { ImageMaterial } from "./picture";
import type { Played, RefusalCode } from "./refusal";

export type Material = ImageMaterial | VideoMaterial;

export interface Ask {
  file: Blob;
}

export type Answer =
  | { told: "share"; share: number }
  | { told: "material"; material: Material }
  | { told: "refused"; code: RefusalCode }
  | { told: "not_here"; played: Played }; // a film for the page's own player
