// Fingerprints one file at a time, beside the page. The page ends this worker to cancel.

import type { Answer, Ask, Material } from "./messages";
import { pictureMaterial } from "./picture";
import { NotHere, Refusal } from "./refusal";
import { claim, HEAD_BYTES } from "./sniff";

const answer = (told: Answer): void => self.postMessage(told);

self.addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  void fingerprint(data.file, (share) => answer({ told: "share", share }))
    .then((material) => answer({ told: "material", material }))
    .catch((trouble: unknown) => answer(refused(trouble)));
});

async function fingerprint(file: Blob, told: (share: number) => void): Promise<Material> {
  if (file.size === 0) throw new Refusal("empty", "an empty file");
  const claimed = claim(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (claimed === null) throw new Refusal("unsupported", "not a picture or video that is read here");
  if (claimed !== "video") return pictureMaterial(file, claimed, told);
  const { filmMaterial } = await import("./film"); // a report of pictures alone need not load it
  return filmMaterial(file, told);
}

/** Anything unforeseen refuses the file: no fingerprint is better than a wrong one. */
function refused(trouble: unknown): Answer {
  if (trouble instanceof NotHere) return { told: "not_here", played: trouble.played };
  return { told: "refused", code: trouble instanceof Refusal ? trouble.code : "undecodable" };
}
