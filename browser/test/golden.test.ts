// The golden vectors that NumPy and C++ meet (tests/vectors), and the pictures whose values the C++ reference gave.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { beforeAll, describe, expect, test } from "vitest";
import type { JPEGDecoder } from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs";

import { turbo } from "../src/decode/jpeg";
import { dctMatrix, pdqOf } from "../src/pdq";
import { WAYS, type Pixels } from "../src/pixels";

const FOLDER = new URL("../../tests/vectors/", import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, FOLDER));

interface Vector {
  width: number;
  height: number;
  seed: number;
  orientation: number;
  sum: number;
  pdq: string;
  quality: number;
}

const GOLDEN = JSON.parse(read("golden.json").toString()) as { dct_matrix: string; vectors: Vector[] };

/** As `pixels` in tests/vectors/golden.py: whole numbers alone. */
function made({ width, height, seed, orientation }: Vector): Pixels {
  const data = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) data[at++] = value(x, y, channel);
    }
  }
  return { width, height, channels: 3, stride: width * 3, data, way: WAYS[orientation - 1] };

  function value(x: number, y: number, channel: number): number {
    let sum = 0;
    for (let wave = 0; wave < 3; wave++) {
      const turn = ((seed * 7 + channel * 5 + wave * 3) % 11) - 5;
      const moved = Math.floor((x * (wave + 2) * 512) / width) + Math.floor((y * turn * 256) / height) + seed * 37;
      const phase = ((moved % 512) + 512) % 512;
      sum += phase < 256 ? phase : 511 - phase;
    }
    const noise = Math.floor(((x * 1103515245 + y * 12345 + channel * 7919 + seed * 104729) % 65536) / 4096);
    return (Math.floor(sum / 3) + noise) % 256;
  }
}

test("the matrix of the DCT has the same float32 values", () => {
  expect(Buffer.from(dctMatrix().buffer).toString("hex")).toBe(GOLDEN.dct_matrix);
});

test.each(GOLDEN.vectors)("$width x $height, orientation $orientation", (vector) => {
  const pixels = made(vector);
  expect(Array.from(pixels.data).reduce((sum, value) => sum + value, 0)).toBe(vector.sum);
  expect(pdqOf(pixels)).toEqual({ pdq: vector.pdq, quality: vector.quality });
});

interface Oracle {
  file: string;
  format: string;
  pil_mode: string;
  rgb_sha256: string;
  pdq: string;
  quality: number;
}

const ORACLE = (JSON.parse(read("pdq_oracle_pdqhash.json").toString()) as { vectors: Oracle[] }).vectors;

describe("JPEG pictures of facebook/ThreatExchange", () => {
  let Decoder: new () => JPEGDecoder;

  beforeAll(async () => {
    // Under Node the package is CommonJS and its file of bytes lies beside it.
    const require = createRequire(import.meta.url);
    const start = require("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs");
    const wasmBinary = readFileSync(require.resolve("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm"));
    Decoder = (await start({ wasmBinary })).JPEGDecoder;
  });

  test.each(ORACLE.filter(({ format, pil_mode }) => format === "JPEG" && pil_mode === "RGB"))("$file", (oracle) => {
    const pixels = turbo(new Decoder(), read(oracle.file));
    expect(createHash("sha256").update(pixels.data).digest("hex")).toBe(oracle.rgb_sha256);
    expect(pdqOf(pixels)).toEqual({ pdq: oracle.pdq, quality: oracle.quality });
  });
});
