// What stands in a picture's file beside its pixels: its size, its turn, and whether it moves.

import { Bytes } from "./bytes";
import type { Claim } from "./sniff";

export interface Header {
  width: number; // 0 where the file does not say it early
  height: number;
  colours: number; // components a pixel
  rgb: boolean; // a JPEG that holds red, green and blue instead of luma and two differences
  orientation: number; // EXIF, 1 to 8
  animated: boolean;
}

const NOTHING: Header = { width: 0, height: 0, colours: 3, rgb: false, orientation: 1, animated: false };
const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

export function header(claimed: Claim, data: Uint8Array): Header {
  const bytes = new Bytes(data);
  if (claimed === "jpeg") return jpeg(bytes);
  if (claimed === "png") return png(bytes);
  if (claimed === "webp") return webp(bytes);
  if (claimed === "gif") return { ...NOTHING, animated: gifFrames(bytes) > 1 };
  if (claimed === "avif") return { ...NOTHING, animated: bytes.text(8, 12) === "avis" };
  return NOTHING;
}

/** Orientation in EXIF; where that says nothing, in XMP, as Pillow does. */
function orientationOf(exif: Uint8Array | null, xmp: string): number {
  const inExif = exif ? exifOrientation(exif) : null;
  if (inExif !== null) return inExif >= 1 && inExif <= 8 ? inExif : 1;
  const inXmp = /tiff:Orientation(?:="|>)([0-9])/.exec(xmp);
  const told = inXmp ? Number(inXmp[1]) : 1;
  return told >= 1 && told <= 8 ? told : 1;
}

/** The first directory of a TIFF structure (TIFF 6.0, section 2). */
function exifOrientation(exif: Uint8Array): number | null {
  const tiff = new Bytes(exif, exif[0] === 0x49);
  const first = tiff.u32(4);
  const entries = tiff.u16(first);
  for (let entry = 0; entry < entries; entry++) {
    const at = first + 2 + entry * 12;
    if (tiff.u16(at) === ORIENTATION_TAG) return tiff.u16(at + 2) === SHORT ? tiff.u16(at + 8) : 1;
  }
  return null;
}

const EXIF_HEAD = "Exif\0\0";
const XMP_HEAD = "http://ns.adobe.com/xap/1.0/\0";

function jpeg(bytes: Bytes): Header {
  const found = { ...NOTHING };
  let exif: Uint8Array | null = null;
  let xmp = "";
  let [jfif, adobe] = [false, -1];
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes.u8(at + 1);
    if (bytes.u8(at) !== 0xff || marker === 0xff) {
      at++; // fill bytes before a marker
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    const [from, to] = [at + 4, at + 2 + bytes.u16(at + 2)];
    if (marker === 0xe1 && bytes.text(from, from + 6) === EXIF_HEAD) exif ??= bytes.part(from + 6, to);
    if (marker === 0xe1 && bytes.text(from, from + 29) === XMP_HEAD) xmp = bytes.text(from + 29, to);
    if (marker === 0xe0 && bytes.text(from, from + 5) === "JFIF\0") jfif = true;
    if (marker === 0xee && bytes.text(from, from + 5) === "Adobe") adobe = bytes.u8(from + 11);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      [found.height, found.width, found.colours] = [bytes.u16(from + 1), bytes.u16(from + 3), bytes.u8(from + 5)];
      // as libjpeg decides it (jdapimin.c): JFIF is never RGB; Adobe says so; else the names of the components do
      const named = bytes.text(from + 6, from + 7) + bytes.text(from + 9, from + 10) + bytes.text(from + 12, from + 13);
      found.rgb = !jfif && (adobe === -1 ? named === "RGB" : adobe === 0);
    }
    at = Math.max(to, at + 4);
  }
  return { ...found, orientation: orientationOf(exif, xmp) };
}

function png(bytes: Bytes): Header {
  let exif: Uint8Array | null = null;
  let xmp = "";
  let animated = false;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.u32(at)) {
    const kind = bytes.text(at + 4, at + 8);
    const [from, to] = [at + 8, at + 8 + bytes.u32(at)];
    if (kind === "eXIf") exif = bytes.part(from, to);
    if (kind === "iTXt" && bytes.text(from, from + 17) === "XML:com.adobe.xmp") xmp = bytes.text(from, to);
    if (kind === "acTL") animated = bytes.u32(from) > 1;
    if (kind === "IEND") break;
  }
  const orientation = orientationOf(exif, xmp);
  return { ...NOTHING, width: bytes.u32(16), height: bytes.u32(20), orientation, animated };
}

function webp(bytes: Bytes): Header {
  const little = new Bytes(bytes.data, true);
  let exif: Uint8Array | null = null;
  let xmp = "";
  let frames = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const kind = bytes.text(at, at + 4);
    const size = little.u32(at + 4);
    const [from, to] = [at + 8, at + 8 + size];
    if (kind === "EXIF") exif = bytes.part(bytes.text(from, from + 6) === EXIF_HEAD ? from + 6 : from, to);
    if (kind === "XMP ") xmp = bytes.text(from, to);
    if (kind === "ANMF") frames++;
    at = to + (size % 2);
  }
  return { ...NOTHING, orientation: orientationOf(exif, xmp), animated: frames > 1 };
}

/** Image descriptors of a GIF (GIF89a, section 20), at most two are counted. */
function gifFrames(bytes: Bytes): number {
  const table = (packed: number): number => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);
  let at = 13 + table(bytes.u8(10));
  let frames = 0;
  while (at < bytes.length && frames < 2) {
    const kind = bytes.u8(at);
    if (kind === 0x2c) {
      frames++;
      at += 10 + table(bytes.u8(at + 9)) + 1;
    } else if (kind === 0x21) at += 2;
    else break;
    while (bytes.u8(at)) at += bytes.u8(at) + 1;
    at++;
  }
  return frames;
}
