// One frame of a film to its fingerprint, straight from the decoder's luma where there is a plane of 8 bits.

import { QUALITY_MIN } from "./limits";
import { bits, exactSpectrum } from "./pdq";
import { LUMA, lumaRows, UPRIGHT, type Pixels, type Way, type Weights } from "./pixels";
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

/** The first plane is luma of so many bits; every other format is read as RGBA. */
const PLANES: Readonly<Record<string, number>> = {
  ...{ I420: 8, I420A: 8, I422: 8, I422A: 8, I444: 8, I444A: 8, NV12: 8 },
  ...{ I420P10: 10, I422P10: 10, I444P10: 10, I420P12: 12, I422P12: 12, I444P12: 12 },
};

/** How a browser came from luma to RGB, so that the way back is the same; untold means BT.709 to browsers. */
export function weightsOf(matrix: string | null | undefined): Weights {
  if (matrix === "smpte170m" || matrix === "bt470bg") return LUMA;
  return matrix === "bt2020-ncl" ? [262.7, 678, 59.3] : [212.6, 715.2, 72.2];
}

export function hasLuma(frame: VideoFrame): boolean {
  return (frame.format ?? "") in PLANES;
}

export async function frameOf(frame: VideoFrame, way: Way, at_s: number): Promise<Frame> {
  const rect = frame.visibleRect ?? { x: 0, y: 0, width: frame.codedWidth, height: frame.codedHeight };
  const depth = PLANES[frame.format ?? ""];
  const options: VideoFrameCopyToOptions = depth ? { rect } : { rect, format: "RGBA" };
  const data = new Uint8Array(frame.allocationSize(options));
  const [{ offset, stride }] = await frame.copyTo(data, options);
  const size = { width: rect.width, height: rect.height, way };
  if (!depth) {
    const weights = weightsOf(frame.colorSpace.matrix);
    return looked({ ...size, channels: 4, stride, data: data.subarray(offset), weights }, true, at_s);
  }
  const fullRange = frame.colorSpace.fullRange === true;
  if (depth === 8) return looked({ ...size, channels: 1, stride, data: data.subarray(offset) }, fullRange, at_s);
  const plane = shallow(new Uint16Array(data.buffer, offset, (stride / 2) * rect.height), depth);
  return looked({ ...size, channels: 1, stride: stride / 2, data: plane }, fullRange, at_s);
}

/** Luma of 10 or 12 bits, rounded to 8. */
function shallow(plane: Uint16Array, depth: number): Uint8Array {
  const half = 1 << (depth - 9);
  return Uint8Array.from(plane, (value) => Math.min(255, (value + half) >> (depth - 8)));
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
