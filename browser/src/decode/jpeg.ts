// JPEG through libjpeg-turbo in WASM: the library of the server, so the same pixels. `jpeg-js` where WASM is switched off.

import start, { type JPEGDecoder } from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs";
import address from "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm?url";

import type { Header } from "../header";
import { UPRIGHT, type Pixels } from "../pixels";
import { Refusal } from "../refusal";
import { bytesOf, hasWasm, ready } from "./load";

let started: Promise<new () => JPEGDecoder> | null = null;

async function load(): Promise<new () => JPEGDecoder> {
  return (await start({ wasmBinary: await bytesOf(address) })).JPEGDecoder;
}

export async function decodeJpeg(data: Uint8Array, { rgb }: Header): Promise<Pixels> {
  if (!hasWasm()) return slowly(data, rgb);
  started ??= load();
  return turbo(new (await ready(started))(), data);
}

/** The pixels lie in the decoder's own memory until it is used again; they are read before that. */
export function turbo(decoder: JPEGDecoder, data: Uint8Array): Pixels {
  try {
    decoder.getEncodedBuffer(data.length).set(data);
    decoder.decode(); // throws at the first damaged byte, as the server refuses a file that is cut short
    const { width, height, componentCount } = decoder.getFrameInfo();
    const [channels, pixels] = [componentCount === 1 ? 1 : 3, decoder.getDecodedBuffer()] as const;
    if (pixels.length !== width * height * channels) throw new Refusal("undecodable", "the decoder answered half");
    return { width, height, channels, stride: width * channels, data: pixels, way: UPRIGHT };
  } finally {
    decoder.delete();
  }
}

async function slowly(data: Uint8Array, rgb: boolean): Promise<Pixels> {
  const { decode } = await import("jpeg-js");
  const limits = { tolerantDecoding: false, maxMemoryUsageInMB: 1024 };
  const made = decode(data, { ...limits, useTArray: true, colorTransform: !rgb });
  return { ...made, channels: 4, stride: made.width * 4, way: UPRIGHT };
}
