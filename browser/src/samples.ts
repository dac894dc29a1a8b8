// The reference's 64 x 64 samples, bit for bit: running float32 sums along rows, then columns, twice.
// Order of every addition as in src/unseen/fingerprint/reference.py (facebook/ThreatExchange, pdq/cpp/downscaling).

import type { LumaRows } from "./pixels";

export const SIDE = 64;

const { fround } = Math;

interface Box {
  window: number;
  ahead: number; // pixels before the first output
  counts: Float32Array;
}

function box(length: number): Box {
  const window = Math.floor((length + 2 * SIDE - 1) / (2 * SIDE));
  const ahead = Math.floor((window + 2) / 2) - 1;
  const counts = new Float32Array(length);
  for (let place = 0; place < length; place++) {
    counts[place] = Math.min(place + ahead, length - 1) + 1 - Math.max(0, place + ahead + 1 - window);
  }
  return { window, ahead, counts };
}

/** One running sum: + the pixel that comes, - the pixel that goes, each step rounded to float32. */
function blurRow(row: Float32Array, into: Float32Array, { window, ahead, counts }: Box): void {
  const length = row.length;
  let sum = fround(0);
  for (let place = 0; place < length + ahead; place++) {
    if (place < length) sum = fround(sum + row[place]);
    if (place >= window) sum = fround(sum - row[place - window]);
    if (place >= ahead) into[place - ahead] = fround(sum / counts[place - ahead]);
  }
}

/** The same along columns, fed row by row; keeps only the rows of one window. Calls `out` for each row, in order. */
class ColumnBlur {
  private readonly running: Float32Array;
  private readonly recent: Float32Array[];
  private readonly made: Float32Array;
  private first = 0; // of the rows in `recent`
  private next = 0;
  private count = 0;

  constructor(width: number, private readonly size: Box, private readonly out: (row: Float32Array) => void) {
    this.running = new Float32Array(width);
    this.made = new Float32Array(width);
    this.recent = Array.from({ length: size.window + 1 }, () => new Float32Array(width));
  }

  push(row: Float32Array): void {
    const { running, recent } = this;
    for (let column = 0; column < row.length; column++) running[column] += row[column];
    recent[this.next % recent.length].set(row);
    this.next++;
    this.count++;
    if (this.next - this.first > this.size.window) this.drop();
    if (this.count > this.size.ahead) this.emit();
  }

  end(): void {
    for (let left = 0; left < this.size.ahead; left++) {
      this.drop();
      this.emit();
    }
  }

  private drop(): void {
    const { running, recent } = this;
    const oldest = recent[this.first % recent.length];
    for (let column = 0; column < oldest.length; column++) running[column] -= oldest[column];
    this.first++;
  }

  private emit(): void {
    const { running, made } = this;
    const rows = fround(this.next - this.first);
    for (let column = 0; column < made.length; column++) made[column] = fround(running[column] / rows);
    this.out(made);
  }
}

function points(length: number): Int32Array {
  return Int32Array.from({ length: SIDE }, (_, place) => Math.floor(((place + 0.5) * length) / SIDE));
}

/** float32[64 * 64], row by row. `told` hears the share that is done, 0 to 1. */
export function exactSamples(luma: LumaRows, told?: (share: number) => void): Float32Array {
  const { width, height } = luma;
  const samples = new Float32Array(SIDE * SIDE);
  const row = new Float32Array(width);
  if (width === SIDE && height === SIDE) {
    for (let place = 0; place < SIDE; place++) luma.read(place, samples.subarray(place * SIDE, (place + 1) * SIDE));
    return samples;
  }
  const across = box(width);
  const down = box(height);
  const [columns, rows] = [points(width), points(height)];
  const blurred = new Float32Array(width);
  const kept = new Float32Array(SIDE);
  let made = 0;
  let wanted = 0;
  const second = new ColumnBlur(SIDE, down, (line) => {
    for (; wanted < SIDE && rows[wanted] === made; wanted++) samples.set(line, wanted * SIDE);
    made++;
  });
  const again = new Float32Array(width);
  const first = new ColumnBlur(width, down, (line) => {
    blurRow(line, again, across);
    for (let place = 0; place < SIDE; place++) kept[place] = again[columns[place]];
    second.push(kept);
  });
  for (let place = 0; place < height; place++) {
    luma.read(place, row);
    blurRow(row, blurred, across);
    first.push(blurred);
    if (told && place % 256 === 0) told(place / height);
  }
  first.end();
  second.end();
  return samples;
}
