// Why a file gets no fingerprint here. A device that cannot do it right says so; it never sends a wrong one.

export type RefusalCode =
  | "unsupported" // not a picture or video that is read here
  | "undecodable" // damaged, or not what its first bytes claim
  | "too_large"
  | "empty"
  | "animated" // a moving GIF, WebP, PNG or AVIF: the server takes it for a film, we cannot yet
  | "blank" // nothing to see in it: it would match every other blank picture
  | "device"; // this browser hands out wrong pixels, or lacks the decoder

export class Refusal extends Error {
  constructor(readonly code: RefusalCode, message: string) {
    super(message);
    this.name = "Refusal";
  }
}

/** A frame that is wanted: its second in the film, and a second on the player's clock at which it is shown. */
export interface Moment {
  at_s: number;
  seek_s: number;
}

/** What the page's own player needs to know: the moments, and the matrix by which it makes colour of luma. */
export interface Played {
  moments: Moment[];
  matrix: string | null;
}

/** A film that WebCodecs cannot read; the page may still play it (`film_in_page.ts`). */
export class NotHere extends Error {
  constructor(readonly played: Played) {
    super("no decoder for this film");
  }
}
