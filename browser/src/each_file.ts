// One file after the other through the worker; a film that it cannot read goes to the page's own player.

import { filmInPage } from "./film_in_page";
import type { Answer, Material } from "./messages";
import { Refusal, type RefusalCode } from "./refusal";

export type Outcome = { material: Material } | { code: RefusalCode };

/** The last answer about a file; a worker that does not start, or ends in the middle (policy, memory), gives none. */
type Last = Exclude<Answer, { told: "share" }> | "ended";

export class Cancelled extends Error {}

function started(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

/** The outcome of each file, in order. Raises Cancelled. */
export async function* eachFile(
  files: readonly Blob[],
  told: (share: number) => void,
  cancelled: AbortSignal,
): AsyncGenerator<Outcome> {
  let worker = started();
  try {
    for (const file of files) {
      const answer = await asked(worker, file, told, cancelled);
      if (answer === "ended") {
        worker.terminate();
        worker = started();
      }
      yield await outcome(answer, file, told, cancelled);
    }
  } finally {
    worker.terminate();
  }
}

async function outcome(
  answer: Last,
  file: Blob,
  told: (share: number) => void,
  cancelled: AbortSignal,
): Promise<Outcome> {
  if (answer === "ended") return { code: "device" };
  if (answer.told === "material") return { material: answer.material };
  if (answer.told === "refused") return { code: answer.code };
  try {
    return { material: await filmInPage(file, answer.played, told, cancelled) };
  } catch (trouble) {
    if (cancelled.aborted) throw new Cancelled();
    return { code: trouble instanceof Refusal ? trouble.code : "device" };
  }
}

function asked(
  worker: Worker,
  file: Blob,
  told: (share: number) => void,
  cancelled: AbortSignal,
): Promise<Last> {
  return new Promise((resolve, reject) => {
    if (cancelled.aborted) reject(new Cancelled());
    cancelled.addEventListener("abort", () => reject(new Cancelled()), { once: true });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.told === "share") told(data.share);
      else resolve(data);
    };
    worker.onerror = () => resolve("ended");
    worker.postMessage({ file: new Blob([file]) }); // a Blob has no name
  });
}
