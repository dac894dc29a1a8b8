// PDQ and its quality with the bits of src/unseen/fingerprint/pdq.py, which are those of the C++ reference.

import { lumaRows, type Pixels } from "./pixels";
import { SIDE_PIXELS_MIN } from "./limits";
import { exactSamples, SIDE } from "./samples";

const { fround } = Math;
const FREQUENCIES = 16;

export interface Pdq {
  pdq: string; // 64 hex digits
  quality: number; // 0 to 100
}

const EMPTY: Pdq = { pdq: "0".repeat(64), quality: 0 };

/** Frequencies 1 to 16 of a 64-point DCT (Zauner 2010), rounded to float32: [16 * 64].
 *
 * Engines differ in the last bits of cos(); no entry lies nearer than 4e-10 of its size to a place where float32 rounds the
 * other way, so all give the same float32 (the golden vectors check the matrix itself).
 */
export function dctMatrix(): Float32Array {
  const scale = fround(Math.sqrt(2 / SIDE));
  const matrix = new Float32Array(FREQUENCIES * SIDE);
  for (let frequency = 0; frequency < FREQUENCIES; frequency++) {
    for (let place = 0; place < SIDE; place++) {
      const angle = (Math.PI / 2 / SIDE) * (frequency + 1) * (2 * place + 1);
      matrix[frequency * SIDE + place] = scale * Math.cos(angle);
    }
  }
  return matrix;
}

const DCT = dctMatrix();

/** The reference's two matrix products with its order of additions: float32[16 * 16]. */
export function exactSpectrum(samples: Float32Array): Float32Array {
  const half = new Float32Array(FREQUENCIES * SIDE);
  for (let place = 0; place < SIDE; place++) {
    for (let row = 0; row < FREQUENCIES; row++) {
      const factor = DCT[row * SIDE + place];
      for (let column = 0; column < SIDE; column++) {
        half[row * SIDE + column] += fround(factor * samples[place * SIDE + column]);
      }
    }
  }
  const full = new Float32Array(FREQUENCIES * FREQUENCIES);
  for (let place = 0; place < SIDE; place++) {
    for (let row = 0; row < FREQUENCIES; row++) {
      for (let column = 0; column < FREQUENCIES; column++) {
        full[row * FREQUENCIES + column] += fround(half[row * SIDE + place] * DCT[column * SIDE + place]);
      }
    }
  }
  return full;
}

/** One bit a coefficient: above the (lower) median of the 256. As hex, the last coefficient first. */
export function bits(coefficients: Float32Array): string {
  const median = coefficients.slice().sort()[127];
  let text = "";
  for (let first = 255; first > 0; first -= 4) {
    let digit = 0;
    for (let place = first; place > first - 4; place--) digit = digit * 2 + Number(coefficients[place] > median);
    text += digit.toString(16);
  }
  return text;
}

/** The reference's gradient count on the 64 x 64 samples, 0 to 100; whole steps only, so flat areas count nothing. */
export function quality(samples: Float32Array): number {
  let total = 0;
  const step = (one: number, other: number): number =>
    Math.abs(Math.trunc(fround(fround(fround(one - other) * 100) / 255)));
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const here = row * SIDE + column;
      if (row + 1 < SIDE) total += step(samples[here], samples[here + SIDE]);
      if (column + 1 < SIDE) total += step(samples[here], samples[here + 1]);
    }
  }
  return Math.min(100, Math.floor(total / 90));
}

export function pdqOf(pixels: Pixels, told?: (share: number) => void): Pdq {
  const luma = lumaRows(pixels);
  if (Math.min(luma.width, luma.height) < SIDE_PIXELS_MIN) return EMPTY;
  const samples = exactSamples(luma, told);
  return { pdq: bits(exactSpectrum(samples)), quality: quality(samples) };
}
