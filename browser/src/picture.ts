// A picture's file to its fingerprint.

import { decodeAvif } from "./decode/avif";
import { decodeOnCanvas } from "./decode/canvas";
import { decodeHeif } from "./decode/heif";
import { decodeJpeg } from "./decode/jpeg";
import { hasWasm } from "./decode/load";
import { decodePng } from "./decode/png";
import { decodeWebp } from "./decode/webp";
import { header, type Header } from "./header";
import { PICTURE_SIZE_BYTES_MAX, PIXELS_MAX, QUALITY_MIN, SIDE_PIXELS_MAX } from "./limits";
import { pdqOf } from "./pdq";
import { WAYS, type Pixels } from "./pixels";
import { Refusal } from "./refusal";
import type { Claim } from "./sniff";

export interface ImageMaterial {
  kind: "image";
  pdq: string;
  quality: number;
}

type PictureClaim = Exclude<Claim, "video">;

const DECODERS: Record<PictureClaim, (data: Uint8Array, beside: Header) => Promise<Pixels>> = {
  jpeg: decodeJpeg,
  png: decodePng,
  webp: decodeWebp,
  avif: decodeAvif,
  heif: decodeHeif,
  gif: decodeOnCanvas,
};
const WITHOUT_WASM: ReadonlySet<Claim> = new Set<Claim>(["jpeg", "gif"]);

export async function pictureMaterial(
  file: Blob,
  claimed: PictureClaim,
  told: (share: number) => void,
): Promise<ImageMaterial> {
  if (file.size > PICTURE_SIZE_BYTES_MAX) throw new Refusal("too_large", "a file of more than 64 MiB");
  const data = new Uint8Array(await file.arrayBuffer());
  const beside = header(claimed, data);
  check(beside, claimed);
  const pixels = await decoded(claimed, data, beside);
  checkSize(pixels.width, pixels.height);
  told(0.5); // decoding is about half of the time
  const made = pdqOf({ ...pixels, way: WAYS[beside.orientation - 1] }, (share) => told(0.5 + share / 2));
  if (made.quality < QUALITY_MIN) throw new Refusal("blank", "too little to see");
  return { kind: "image", ...made };
}

function check(beside: Header, claimed: PictureClaim): void {
  if (beside.colours > 3) throw new Refusal("unsupported", "a JPEG of four colours, as printers use it");
  if (beside.animated) throw new Refusal("animated", "a moving picture");
  checkSize(beside.width, beside.height);
  if (!hasWasm() && !WITHOUT_WASM.has(claimed)) throw new Refusal("device", "WASM is switched off");
}

function checkSize(width: number, height: number): void {
  if (width * height > PIXELS_MAX || Math.max(width, height) > SIDE_PIXELS_MAX) {
    throw new Refusal("too_large", "more than 64 million pixels");
  }
}

/** Whatever a decoder throws at a damaged file (numbers, strings, its own errors) is one refusal. */
async function decoded(claimed: PictureClaim, data: Uint8Array, beside: Header): Promise<Pixels> {
  try {
    return await DECODERS[claimed](data, beside);
  } catch (trouble) {
    if (trouble instanceof Refusal) throw trouble;
    throw new Refusal("undecodable", "damaged, or not what its first bytes claim");
  }
}
