// AVIF through libavif in WASM. A picture that its file turns or mirrors is refused: this build does not say so.

import start, { type AVIFModule } from "@jsquash/avif/codec/dec/avif_dec.js";
import address from "@jsquash/avif/codec/dec/avif_dec.wasm?url";

import { Bytes } from "../bytes";
import type { Pixels } from "../pixels";
import { Refusal } from "../refusal";
import { bytesOf, ready } from "./load";
import { fromRgba } from "./rgba";

const BIT_DEPTH = 8;
const META_BYTES_MAX = 65_536; // properties stand before the picture
let started: Promise<AVIFModule> | null = null;

export async function decodeAvif(data: Uint8Array): Promise<Pixels> {
  if (isTurned(data)) throw new Refusal("unsupported", "an AVIF that its file turns");
  started ??= bytesOf(address).then((wasmBinary) => start({ noInitialRun: true, wasmBinary }));
  return fromRgba((await ready(started)).decode(data as Uint8Array<ArrayBuffer>, BIT_DEPTH) as ImageData);
}

/** Whether an `irot` of a quarter or more, or an `imir`, stands among the properties (ISO/IEC 23008-12, 6.5). */
export function isTurned(data: Uint8Array): boolean {
  const bytes = new Bytes(data.subarray(0, META_BYTES_MAX));
  const names = bytes.text(0, bytes.length);
  const turn = names.indexOf("irot");
  return names.includes("imir") || (turn > 0 && (bytes.u8(turn + 4) & 3) !== 0);
}
