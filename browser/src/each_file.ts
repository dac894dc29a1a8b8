// One file after the other through the worker; a film that it cannot read goes to the page's own player.

import { filmInPage } from "./film_in_page";
import type { Answer, Material } from "./messages";
import { Refusal, type RefusalCode } from "./refusal";

export type Outcome = { material: Material } | { code: RefusalCode };

export class Cancelled extends Error {}

/** The outcome of each file, in order. Raises Cancelled. */
export async function* eachFile(
  files: readonly Blob[],
  told: (share: number) => void,
  cancelled: AbortSignal,
): AsyncGenerator<Outcome> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  try {
    for (const file of files) yield await outcome(worker, file, told, cancelled);
  } finally {
    worker.terminate();
  }
}

async function outcome(
  worker: Worker,
  file: Blob,
  told: (share: number) => void,
  cancelled: AbortSignal,
): Promise<Outcome> {
  const answer = await asked(worker, file, told, cancelled);
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
): Promise<Exclude<Answer, { told: "share" }>> {
  return new Promise((resolve, reject) => {
    if (cancelled.aborted) reject(new Cancelled());
    cancelled.addEventListener("abort", () => reject(new Cancelled()), { once: true });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.told === "share") told(data.share);
      else resolve(data);
    };
    // A worker that does not start (policy, memory) is the device's trouble.
    worker.onerror = () => resolve({ told: "refused", code: "device" });
    worker.postMessage({ file: new Blob([file]) }); // a Blob has no name
  });
}
