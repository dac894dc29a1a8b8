// One frame of a film to its fingerprint, straight from the decoder's luma where there is a plane of 8 bits.

import { QUALITY_MIN } from "./limits";
import { bits, exactSpectrum } from "./pdq";
import { lumaRows, type Pixels, UPRIGHT, type Way } from "./pixels";
import { exactSamples } from "./samples";

const SIDE = 64;
const [BLACK, RANGE] = [16, 219]; // ITU-R BT.601 and BT.709: limited-range luma is 16 for black, 235 for white
const [BAND_LEVELS, PLAIN_SHARE] = [16, 0.8]; // as in src/unseen/fingerprint/looks.py
const { fround } = Math;

export interface Frame {
  pdq: string;
  quality: number;
  at_s: number;
}

// Clockwise, as players turn them.
export const TURNS: Readonly<Record<number, Way>> = {
  0: UPRIGHT,
  90: [true, false, true],
  180: [true, true, false],
  270: [false, true, true],
};

/** The first plane is luma of 8 bits, one byte a pixel; every other format is read as RGBA. */
const LUMA_FORMATS = new Set(["I420", "I420A", "I422", "I422A", "I444", "I444A", "NV12"]);

export async function frameOf(frame: VideoFrame, way: Way, at_s: number): Promise<Frame> {
  const rect = frame.visibleRect ?? { x: 0, y: 0, width: frame.codedWidth, height: frame.codedHeight };
  const plane = frame.format !== null && LUMA_FORMATS.has(frame.format);
  const options: VideoFrameCopyToOptions = plane ? { rect } : { rect, format: "RGBA" };
  const data = new Uint8Array(frame.allocationSize(options));
  const [layout] = await frame.copyTo(data, options);
  const { offset, stride } = layout;
  const pixels: Pixels = {
    width: rect.width,
    height: rect.height,
    channels: plane ? 1 : 4,
    stride,
    data: data.subarray(offset),
    way,
  };
  return looked(pixels, !plane || frame.colorSpace.fullRange === true, at_s);
}

/** The bits ignore brightness and contrast; the quality does not, so it is taken from luma in full range. */
export function looked(pixels: Pixels, fullRange: boolean, at_s: number): Frame {
  const samples = exactSamples(lumaRows(pixels));
  const shown = fullRange ? samples : samples.map((value) => fround(fround(value - BLACK) * fround(255 / RANGE)));
  return { pdq: bits(exactSpectrum(samples)), quality: honest(quality(shown), shown), at_s };
}

/** At most 49 for a nearly blank frame: a title on black is sharp enough for PDQ, and like every other title. */
function honest(rated: number, samples: Float32Array): number {
  return isPlain(samples) ? Math.min(rated, QUALITY_MIN - 1) : rated;
}

function quality(samples: Float32Array): number {
  const percent = samples.map((value) => fround(value * fround(100 / 255)));
  const step = (one: number, other: number): number => Math.abs(Math.trunc(fround(percent[other] - percent[one])));
  let total = 0;
  for (let here = 0; here < percent.length; here++) {
    if (here + SIDE < percent.length) total += step(here, here + SIDE);
    if (here % SIDE < SIDE - 1) total += step(here, here + 1);
  }
  return Math.min(100, Math.floor(total / 90));
}

/** Whether one band of 16 levels holds four fifths of the samples. */
function isPlain(samples: Float32Array): boolean {
  const counts = new Array<number>(33).fill(0);
  for (const value of samples) counts[Math.min(31, Math.max(0, Math.trunc(value / (BAND_LEVELS / 2))))]++;
  return counts.some((count, at) => count + (counts[at + 1] ?? 0) >= PLAIN_SHARE * samples.length);
}
