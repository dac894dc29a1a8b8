// A film's file to the fingerprints of one frame a second, through WebCodecs.

import { ALL_FORMATS, BlobSource, EncodedPacketSink, Input, VideoSampleSink, type InputVideoTrack, type VideoSample } from "mediabunny";

import { frameOf, hasLuma, TURNS, type Frame } from "./frame";
import { QUALITY_MIN, VIDEO_DURATION_S_MAX, VIDEO_LEAVES_BYTES_MAX, VIDEO_PIXELS_MAX } from "./limits";
import { NotHere, Refusal, type Moment, type Played } from "./refusal";

export interface VideoMaterial {
  kind: "video";
  frames: Frame[];
}

/** Raises NotHere or Refusal. */
export async function filmMaterial(file: Blob, told: (share: number) => void): Promise<VideoMaterial> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    const track = await trackOf(input);
    if (typeof VideoDecoder !== "function" || !(await track.canDecode())) throw new NotHere(await played(track));
    return material(await frames(track, await track.computeDuration(), told));
  } finally {
    input.dispose();
  }
}

async function trackOf(input: Input): Promise<InputVideoTrack> {
  if (!(await input.canRead())) throw new Refusal("unsupported", "a film of a kind that is not read here");
  const track = await input.getPrimaryVideoTrack().catch(() => null);
  if (!track) throw new Refusal("undecodable", "no moving picture is found in it");
  if ((await track.getCodedWidth()) * (await track.getCodedHeight()) > VIDEO_PIXELS_MAX) {
    throw new Refusal("too_large", "a film of more than 4096 x 2304 pixels");
  }
  return track;
}

/** Whether RGB that a browser made of a film leads back to its luma. Firefox takes full range for limited, and guesses the
 * matrix of an AV1 that tells none by its size; both move up to 10 bits. */
async function colourIsSure(track: InputVideoTrack): Promise<boolean> {
  const told = await track.getColorSpace();
  return told.fullRange !== true && (track.codec !== "av1" || typeof told.matrix === "string");
}

/** As `frames` chooses them, from the times of the packets alone; each is sought halfway to the frame after it. */
async function played(track: InputVideoTrack): Promise<Played> {
  if (!(await colourIsSure(track))) throw new Refusal("device", "a film of unsure colour");
  const times: number[] = [];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    times.push(packet.timestamp);
  }
  times.sort((one, other) => one - other); // packets come in the order of decoding
  const [start_s, second_s] = times;
  // Players disagree whether such a film begins at its own time or at zero: which frame they show is not sure.
  if (start_s > (second_s - start_s) / 4) throw new Refusal("device", "a film that begins late");
  const made: Moment[] = [];
  let due_s = 0;
  times.forEach((time_s, place) => {
    const at_s = time_s - start_s;
    if (at_s < due_s) return;
    due_s = Math.floor(at_s) + 1;
    const next_s = times[place + 1] ?? time_s;
    made.push({ at_s: Math.round(at_s * 1000) / 1000, seek_s: (time_s + next_s) / 2 });
  });
  return { moments: made, matrix: (await track.getColorSpace()).matrix ?? null };
}

/** The first frame of every second that has one, as the server takes them for a query. */
async function frames(track: InputVideoTrack, until_s: number, told: (share: number) => void): Promise<Frame[]> {
  const made: Frame[] = [];
  const sure = await colourIsSure(track);
  let due_s = 0;
  let start_s: number | null = null;
  for await (const sample of new VideoSampleSink(track).samples()) {
    try {
      start_s ??= sample.timestamp;
      const at_s = Math.max(0, sample.timestamp - start_s);
      if (at_s > VIDEO_DURATION_S_MAX) throw new Refusal("too_large", "a film of more than four hours");
      if (at_s < due_s) continue;
      due_s = Math.floor(at_s) + 1;
      made.push(await frameOfSample(sample, sure, Math.round(at_s * 1000) / 1000));
      told(shareOf(at_s, until_s));
    } finally {
      sample.close(); // a decoder has few of them, and waits for those that nobody gives back
    }
  }
  return made;
}

async function frameOfSample(sample: VideoSample, sure: boolean, at_s: number): Promise<Frame> {
  const frame = sample.toVideoFrame();
  try {
    if (!sure && !hasLuma(frame)) throw new Refusal("device", "a film of unsure colour");
    return await frameOf(frame, TURNS[sample.rotation], at_s);
  } finally {
    frame.close();
  }
}

/** 0 to 1; a film of one frame may last no time, and a progress bar takes no other number. */
export function shareOf(at_s: number, until_s: number): number {
  return until_s > 0 ? Math.min(1, at_s / until_s) : 1;
}

/** A frame a second, without blank ones, which no search uses; of a long film evenly fewer, so that no more than 64 KiB leave. */
export function material(frames: Frame[]): VideoMaterial {
  const telling = frames.filter((frame) => frame.quality >= QUALITY_MIN);
  if (!telling.length) throw new Refusal("blank", "too little to see");
  for (let step = 1; ; step++) {
    const made: VideoMaterial = { kind: "video", frames: telling.filter((_, at) => at % step === 0) };
    if (JSON.stringify(made).length <= VIDEO_LEAVES_BYTES_MAX) return made;
  }
}
