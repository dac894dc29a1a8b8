// HEIC through libheif in WASM, two megabytes that are loaded only when such a file is chosen. It applies the file's own turn.

import type { Pixels } from "../pixels";
import { Refusal } from "../refusal";
import { ready } from "./load";
import { fromRgba } from "./rgba";

export async function decodeHeif(data: Uint8Array): Promise<Pixels> {
  const { default: start } = await ready(import("libheif-js/libheif-wasm/libheif-bundle.mjs"));
  const [image] = new (start().HeifDecoder)().decode(data);
  if (!image) throw new Refusal("undecodable", "no picture in the file");
  const [width, height] = [image.get_width(), image.get_height()];
  const into = { data: new Uint8ClampedArray(width * height * 4), width, height };
  const made = await new Promise((resolve) => image.display(into, resolve));
  image.free();
  return fromRgba(made ? into : null);
}
