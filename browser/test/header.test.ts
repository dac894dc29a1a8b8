// A picture's turn is read where the server (Pillow) reads it, and what moves is told from what does not.

import { expect, test } from "vitest";

import { header } from "../src/header";
import { claim } from "../src/sniff";

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const big = (value: number, size: number): number[] =>
  Array.from({ length: size }, (_, at) => (value >>> (8 * (size - 1 - at))) & 255);

function tiff(orientation: number, little = false): number[] {
  const short = (value: number): number[] => (little ? big(value, 2).reverse() : big(value, 2));
  const long = (value: number): number[] => (little ? big(value, 4).reverse() : big(value, 4));
  const entry = [...short(0x0112), ...short(3), ...long(1), ...short(orientation), 0, 0];
  return [...ascii(little ? "II" : "MM"), ...short(42), ...long(8), ...short(1), ...entry, ...long(0)];
}

function jpeg(...segments: [marker: number, content: number[]][]): Uint8Array {
  const made = [0xff, 0xd8];
  for (const [marker, content] of segments) made.push(0xff, marker, ...big(content.length + 2, 2), ...content);
  return Uint8Array.from([...made, 0xff, 0xda]);
}

const EXIF = ascii("Exif\0\0");
const XMP = ascii('http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="8"/>');
const FRAME = [8, ...big(30, 2), ...big(40, 2), 3];

test.each([true, false])("EXIF of a JPEG tells the turn (little-endian: %s)", (little) => {
  const found = header("jpeg", jpeg([0xe1, [...EXIF, ...tiff(6, little)]], [0xc0, FRAME]));
  expect(found).toEqual({ width: 40, height: 30, colours: 3, rgb: false, orientation: 6, animated: false });
});

test.each([
  [[[0xee, [...ascii("Adobe"), 0, 100, 0, 0, 0, 0, 0]]], true],
  [[[0xee, [...ascii("Adobe"), 0, 100, 0, 0, 0, 0, 1]]], false],
  [[[0xe0, ascii("JFIF\0")], [0xee, [...ascii("Adobe"), 0, 100, 0, 0, 0, 0, 0]]], false],
  [[], false],
] as [[number, number[]][], boolean][])("a JPEG of red, green and blue is told as libjpeg tells it (%#)", (before, rgb) => {
  expect(header("jpeg", jpeg(...before, [0xc0, [...FRAME, 1, 17, 0, 2, 17, 0, 3, 17, 0]])).rgb).toBe(rgb);
});

test("components named R, G and B are what they say", () => {
  const named = [...ascii("R"), 17, 0, ...ascii("G"), 17, 0, ...ascii("B"), 17, 0];
  expect(header("jpeg", jpeg([0xc0, [...FRAME, ...named]])).rgb).toBe(true);
});

test("XMP tells it where EXIF is silent, and only there", () => {
  expect(header("jpeg", jpeg([0xe1, XMP])).orientation).toBe(8);
  expect(header("jpeg", jpeg([0xe1, [...EXIF, ...tiff(3)]], [0xe1, XMP])).orientation).toBe(3);
});

test.each([0, 9, 65535])("an orientation of %d turns nothing", (orientation) => {
  expect(header("jpeg", jpeg([0xe1, [...EXIF, ...tiff(orientation)]])).orientation).toBe(1);
});

test("EXIF that points beyond its end turns nothing and ends", () => {
  const broken = tiff(6);
  broken.splice(4, 4, 0xff, 0xff, 0xff, 0xf0);
  expect(header("jpeg", jpeg([0xe1, [...EXIF, ...broken]])).orientation).toBe(1);
});

const chunk = (kind: string, content: number[]): number[] => [...big(content.length, 4), ...ascii(kind), ...content, 0, 0, 0, 0];
const png = (...chunks: number[][]): Uint8Array =>
  Uint8Array.from([...ascii("\x89PNG\r\n\x1a\n"), ...chunk("IHDR", [...big(40, 4), ...big(30, 4), 8, 2, 0, 0, 0]), ...chunks.flat()]);

test("a PNG tells its turn after its pixels too, and whether it moves", () => {
  const turned = header("png", png(chunk("IDAT", [1]), chunk("eXIf", tiff(5)), chunk("IEND", [])));
  expect(turned).toEqual({ width: 40, height: 30, colours: 3, rgb: false, orientation: 5, animated: false });
  expect(header("png", png(chunk("acTL", [...big(2, 4), 0, 0, 0, 0]))).animated).toBe(true);
});

test("a GIF of one picture does not move, one of two does", () => {
  const picture = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 1, 0, 0];
  const start = [...ascii("GIF89a"), 1, 0, 1, 0, 0x80, 0, 0, ...new Array<number>(6).fill(0)];
  const control = [0x21, 0xf9, 4, 0, 0, 0, 0, 0];
  expect(header("gif", Uint8Array.from([...start, ...control, ...picture, 0x3b])).animated).toBe(false);
  expect(header("gif", Uint8Array.from([...start, ...control, ...picture, ...control, ...picture])).animated).toBe(true);
});

const box = (major: string, ...others: string[]): Uint8Array =>
  Uint8Array.from([...big(16 + others.length * 4, 4), ...ascii("ftyp"), ...ascii(major), 0, 0, 0, 0, ...ascii(others.join(""))]);

test.each([
  [box("avif"), "avif"],
  [box("mif1", "heic"), "heif"],
  [box("mif1", "avif"), "avif"],
  [box("heic"), "heif"],
  [box("isom", "mp42"), "video"],
  [Uint8Array.from(ascii("RIFF1234WEBP")), "webp"],
  [Uint8Array.from(ascii("RIFF1234AVI ")), "video"],
  [Uint8Array.from(ascii("\x1a\x45\xdf\xa3")), "video"],
  [Uint8Array.from(ascii("<svg>")), null],
  [new Uint8Array(0), null],
])("the first bytes of %# claim what they claim on the server", (head, claimed) => {
  expect(claim(head)).toBe(claimed);
});
