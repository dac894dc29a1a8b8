// A decoded picture and its luma, row by row, righted by its turn.

export type Way = readonly [rowsReversed: boolean, columnsReversed: boolean, swapped: boolean];

export const UPRIGHT: Way = [false, false, false];

// EXIF orientation 1 to 8 (CIPA DC-008): whether rows run backwards, columns run backwards, then rows and columns change places.
export const WAYS: readonly Way[] = [
  UPRIGHT,
  [false, true, false],
  [true, true, false],
  [true, false, false],
  [false, false, true],
  [true, false, true],
  [true, true, true],
  [false, true, true],
];

export type Weights = readonly [red: number, green: number, blue: number]; // of a luma, in thousandths

export const LUMA: Weights = [299, 587, 114]; // ITU-R BT.601, and what the reference takes of every picture

/** Rows of `channels` bytes a pixel (1: luma or grey, 3: RGB, 4: RGBA), `stride` bytes apart. */
export interface Pixels {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  stride: number;
  data: Uint8Array | Uint8ClampedArray;
  way: Way;
  weights?: Weights; // LUMA where they are not given
}

export interface LumaRows {
  width: number;
  height: number;
  /** Writes one row of the righted picture, 0 to 255. */
  read(row: number, into: Float32Array): void;
}

const STRIP_ROWS = 16; // a sideways picture is read in strips: 16 neighbouring pixels share a cache line

/** (299 R + 587 G + 114 B) / 1000 rounded to float32, as Pillow's convert("F"): the reference's own values. */
function level(data: Pixels["data"], at: number, channels: number, [red, green, blue]: Weights): number {
  if (channels === 1) return data[at];
  return (data[at] * red + data[at + 1] * green + data[at + 2] * blue) / 1000;
}

export function lumaRows(pixels: Pixels): LumaRows {
  return pixels.way[2] ? sideways(pixels) : straight(pixels);
}

function straight({ width, height, channels, stride, data, way, weights = LUMA }: Pixels): LumaRows {
  const [rowsReversed, columnsReversed] = way;
  return {
    width,
    height,
    read(row, into) {
      const start = (rowsReversed ? height - 1 - row : row) * stride;
      const step = columnsReversed ? -channels : channels;
      let at = columnsReversed ? start + (width - 1) * channels : start;
      for (let column = 0; column < width; column++, at += step) into[column] = level(data, at, channels, weights);
    },
  };
}

function sideways({ width, height, channels, stride, data, way, weights = LUMA }: Pixels): LumaRows {
  const [rowsReversed, columnsReversed] = way;
  const strip = new Float32Array(STRIP_ROWS * height);
  let kept = -1;
  function fill(first: number): void {
    const rows = Math.min(STRIP_ROWS, width - first);
    for (let column = 0; column < height; column++) {
      const start = (rowsReversed ? height - 1 - column : column) * stride;
      for (let row = 0; row < rows; row++) {
        const x = columnsReversed ? width - 1 - first - row : first + row;
        strip[row * height + column] = level(data, start + x * channels, channels, weights);
      }
    }
    kept = first;
  }
  return {
    width: height,
    height: width,
    read(row, into) {
      const first = row - (row % STRIP_ROWS);
      if (first !== kept) fill(first);
      into.set(strip.subarray((row - first) * height, (row - first + 1) * height));
    },
  };
}
