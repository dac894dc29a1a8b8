// The canvas, only where it gives back what was drawn: hardened browsers answer with noise and no error.

import { Refusal } from "../refusal";
import type { Pixels } from "../pixels";
import { fromRgba } from "./rgba";

const SIDE = 16;
type Surface = OffscreenCanvas | HTMLCanvasElement;
type Context = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;

function context(surface: Surface): Context {
  const made = surface.getContext("2d", { willReadFrequently: true, colorSpace: "srgb" }) as Context | null;
  if (!made) throw new Refusal("device", "this browser has no canvas");
  return made;
}

/** Draws known pixels, copies them as a picture would be, and reads them back: all must be the same. */
export function canvasIsTrue(surface: (width: number, height: number) => Surface): boolean {
  const drawn = new ImageData(SIDE, SIDE);
  for (let at = 0; at < drawn.data.length; at++) drawn.data[at] = at % 4 === 3 ? 255 : (at * 73 + (at >> 3) * 29) & 255;
  const source = surface(SIDE, SIDE);
  context(source).putImageData(drawn, 0, 0);
  const copy = context(surface(SIDE, SIDE));
  copy.drawImage(source, 0, 0);
  const read = copy.getImageData(0, 0, SIDE, SIDE).data;
  return read.every((value, at) => value === drawn.data[at]);
}

export const offscreen = (width: number, height: number): OffscreenCanvas => new OffscreenCanvas(width, height);

/** A GIF that does not move: lossless, so a true canvas gives its pixels; one with holes is refused. */
export async function decodeOnCanvas(data: Uint8Array): Promise<Pixels> {
  if (typeof OffscreenCanvas !== "function" || !canvasIsTrue(offscreen)) {
    throw new Refusal("device", "this browser hands out wrong pixels");
  }
  const options = { colorSpaceConversion: "none", premultiplyAlpha: "none", imageOrientation: "none" } as const;
  const picture = await createImageBitmap(new Blob([data as Uint8Array<ArrayBuffer>]), options);
  const drawing = context(offscreen(picture.width, picture.height));
  drawing.drawImage(picture, 0, 0);
  const made = drawing.getImageData(0, 0, picture.width, picture.height);
  for (let at = 3; at < made.data.length; at += 4) {
    if (made.data[at] !== 255) throw new Refusal("unsupported", "a GIF with holes");
  }
  return fromRgba(made);
}
