// What a file claims to be, from its first bytes alone, as src/unseen/fingerprint/sniff.py tells it.

export type Claim = "jpeg" | "png" | "gif" | "webp" | "avif" | "heif" | "video";

export const HEAD_BYTES = 512;

const HEIF_BRANDS = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]);
const AVIF_BRANDS = new Set(["avif", "avis"]);
const STILL_BRANDS = new Set(["mif1", "msf1", "mif2", "miaf"]);
const FILM_BOXES = new Set(["moov", "mdat", "wide", "free", "skip", "pnot"]);

export function text(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** The claim of a file that starts with `head`, or null when it is no media that is read here. */
export function claim(head: Uint8Array): Claim | null {
  const riff = text(head, 0, 4) === "RIFF" ? text(head, 8, 12) : "";
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "jpeg";
  if (text(head, 0, 8) === "\x89PNG\r\n\x1a\n") return "png";
  if (/^GIF8[79]a$/.test(text(head, 0, 6))) return "gif";
  if (riff === "WEBP") return "webp";
  if (riff === "AVI ") return "video";
  if (text(head, 0, 4) === "\x1a\x45\xdf\xa3") return "video";
  if (FILM_BOXES.has(text(head, 4, 8))) return "video";
  if (text(head, 4, 8) === "ftyp") return byBrand(head);
  if (head.length > 376 && head[0] === 0x47 && head[188] === 0x47 && head[376] === 0x47) return "video";
  return null;
}

/** ISO base media: the brands tell a still picture from a film (ISO/IEC 14496-12, 23008-12). */
function byBrand(head: Uint8Array): Claim {
  const length = Math.min(new DataView(head.buffer, head.byteOffset).getUint32(0), head.length);
  const major = text(head, 8, 12);
  if (AVIF_BRANDS.has(major)) return "avif";
  if (HEIF_BRANDS.has(major)) return "heif";
  if (!STILL_BRANDS.has(major)) return "video";
  for (let place = 16; place < length - 3; place += 4) {
    if (AVIF_BRANDS.has(text(head, place, place + 4))) return "avif";
  }
  return "heif";
}
