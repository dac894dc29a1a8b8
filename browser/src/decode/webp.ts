// WebP through libwebp in WASM.

import start, { type WebPModule } from "@jsquash/webp/codec/dec/webp_dec.js";
import address from "@jsquash/webp/codec/dec/webp_dec.wasm?url";

import type { Pixels } from "../pixels";
import { bytesOf, ready } from "./load";
import { fromRgba } from "./rgba";

let started: Promise<WebPModule> | null = null;

export async function decodeWebp(data: Uint8Array): Promise<Pixels> {
  started ??= bytesOf(address).then((wasmBinary) => start({ noInitialRun: true, wasmBinary }));
  return fromRgba((await ready(started)).decode(data as Uint8Array<ArrayBuffer>));
}
