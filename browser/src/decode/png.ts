// PNG through the `png` crate in WASM: palette, grey and 16 bits come out as 8-bit colour, as the server makes them.

import start, { decode } from "@jsquash/png/codec/pkg/squoosh_png.js";
import address from "@jsquash/png/codec/pkg/squoosh_png_bg.wasm?url";

import type { Pixels } from "../pixels";
import { moduleOf, ready } from "./load";
import { fromRgba } from "./rgba";

let started: Promise<unknown> | null = null;

export async function decodePng(data: Uint8Array): Promise<Pixels> {
  started ??= moduleOf(address).then((module) => start(module));
  await ready(started);
  return fromRgba(decode(data));
}
