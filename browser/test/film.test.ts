// What leaves is counted: the text of an image and of a film, whatever their size.

import { expect, test } from "vitest";

import { material, shareOf } from "../src/film";
import { looked, type Frame } from "../src/frame";
import { IMAGE_LEAVES_BYTES_MAX, VIDEO_LEAVES_BYTES_MAX } from "../src/limits";
import { UPRIGHT } from "../src/pixels";

const frame = (at_s: number, quality = 100): Frame => ({ pdq: "f".repeat(64), quality, at_s });

test("the text of an image is at most 128 bytes", () => {
  const text = JSON.stringify({ kind: "image", pdq: "f".repeat(64), quality: 100 });
  expect(text.length).toBeLessThanOrEqual(IMAGE_LEAVES_BYTES_MAX);
});

test("a short film keeps every second, four hours keep evenly fewer and stay within 64 KiB", () => {
  expect(material([frame(0), frame(1.001)]).frames).toHaveLength(2);
  const long = Array.from({ length: 14_400 }, (_, at) => frame(at + 0.967));
  const kept = material(long);
  expect(JSON.stringify(kept).length).toBeLessThanOrEqual(VIDEO_LEAVES_BYTES_MAX);
  expect(kept.frames.length).toBeGreaterThan(500);
  expect(kept.frames.at(-1)?.at_s).toBeGreaterThan(14_300);
});

test("a film that lasts no time is done, and no progress is told that is no number", () => {
  expect(shareOf(0, 0)).toBe(1);
  expect([shareOf(1, 4), shareOf(5, 4), shareOf(1, NaN)]).toEqual([0.25, 1, 1]);
});

test("blank frames stay on the device", () => {
  expect(material([frame(0, 49), frame(1, 50), frame(2)]).frames.map(({ at_s }) => at_s)).toEqual([1, 2]);
});

test("a film of blank frames is refused", () => {
  expect(() => material([frame(0, 49), frame(1, 0)])).toThrow("too little to see");
});

test("a sharp title on black is rated below 50, as the server rates it", () => {
  const [width, height] = [320, 240];
  const data = new Uint8Array(width * height).fill(16);
  for (let y = 110; y < 130; y++) for (let x = 60; x < 260; x++) data[y * width + x] = x % 9 < 5 ? 235 : 16;
  const plain = looked({ width, height, channels: 1, stride: width, data, way: UPRIGHT }, false, 0);
  expect(plain.quality).toBeLessThan(50);
});
