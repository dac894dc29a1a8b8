// What most decoders answer with.

import { UPRIGHT, type Pixels } from "../pixels";
import { Refusal } from "../refusal";

interface Rgba {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
}

/** The alpha is left out, as the server leaves it out. */
export function fromRgba(made: Rgba | null | undefined): Pixels {
  if (!made || made.width * made.height * 4 !== made.data.length) {
    throw new Refusal("undecodable", "the decoder answered nothing");
  }
  const { width, height, data } = made;
  return { width, height, channels: 4, stride: width * 4, data, way: UPRIGHT };
}
