// A film that WebCodecs cannot read, played by the page itself: seek to each moment and read it from a true canvas.

import { canvasIsTrue } from "./decode/canvas";
import { looked, weightsOf, type Frame } from "./frame";
import { material, shareOf, type VideoMaterial } from "./film";
import { SEEK_WITHIN_MS, VIDEO_DURATION_S_MAX, VIDEO_PIXELS_MAX } from "./limits";
import { UPRIGHT, type Pixels } from "./pixels";
import { Refusal, type Played } from "./refusal";

function surface(width: number, height: number): HTMLCanvasElement {
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** Raises Refusal. The page's policy must allow `media-src blob:`; the address never leaves the page. */
export async function filmInPage(
  file: Blob,
  played: Played,
  told: (share: number) => void,
  cancelled: AbortSignal,
): Promise<VideoMaterial> {
  if (!canvasIsTrue(surface)) throw new Refusal("device", "this browser hands out wrong pixels");
  const film = Object.assign(document.createElement("video"), { muted: true, preload: "auto", playsInline: true });
  const address = URL.createObjectURL(file);
  try {
    film.src = address;
    await settled(film, "loadeddata", cancelled);
    return material(await frames(film, played, told, cancelled));
  } finally {
    film.removeAttribute("src");
    film.load();
    URL.revokeObjectURL(address);
  }
}

async function frames(
  film: HTMLVideoElement,
  { moments, matrix }: Played,
  told: (share: number) => void,
  cancelled: AbortSignal,
): Promise<Frame[]> {
  const { videoWidth: width, videoHeight: height, duration } = film;
  if (!width || !height) throw new Refusal("undecodable", "no moving picture");
  // Some recorders write none; it is neither damaged nor too large.
  if (!Number.isFinite(duration)) throw new Refusal("device", "a film that does not say how long it is");
  if (width * height > VIDEO_PIXELS_MAX || duration > VIDEO_DURATION_S_MAX) {
    throw new Refusal("too_large", "more than 4096 x 2304 pixels or four hours");
  }
  const drawing = surface(width, height).getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
  if (!drawing) throw new Refusal("device", "this browser has no canvas");
  const weights = weightsOf(matrix);
  const made: Frame[] = [];
  for (const { at_s, seek_s } of moments) {
    const sought = settled(film, "seeked", cancelled);
    film.currentTime = seek_s;
    await sought;
    drawing.drawImage(film, 0, 0, width, height);
    const { data } = drawing.getImageData(0, 0, width, height);
    const pixels: Pixels = { width, height, channels: 4, stride: width * 4, data, way: UPRIGHT, weights };
    made.push(looked(pixels, true, at_s));
    told(shareOf(at_s, duration));
  }
  return made;
}

async function settled(film: HTMLVideoElement, event: "loadeddata" | "seeked", cancelled: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([cancelled, AbortSignal.timeout(SEEK_WITHIN_MS)]);
  await new Promise<void>((resolve, reject) => {
    const refuse = (): void => reject(new Refusal("device", "this browser cannot play the film"));
    film.addEventListener(event, () => resolve(), { once: true, signal: limit });
    film.addEventListener("error", refuse, { once: true, signal: limit });
    limit.addEventListener("abort", refuse, { once: true });
  });
}
