// The sentences on the page. The form's template brings them in the reporter's language; these stand in where one is missing.

import type { RefusalCode } from "./refusal";

export type WordKey = "working" | "ready" | "ready_one" | "too_many" | "cancelled" | "places" | `refused_${RefusalCode}`;
export type Words = Record<WordKey, string>;

const ENGLISH: Words = {
  working: "Working on file {number} of {total}. Everything stays on this device.",
  ready: "{count} fingerprints are ready. Your pictures and videos stay on this device.",
  ready_one: "One fingerprint is ready. Your picture or video stays on this device.",
  too_many: "Only the first {most} files were taken. You can send another report with the others.",
  cancelled: "Stopped. Nothing was kept.",
  places: "You can still report the places where you saw it.",
  refused_unsupported: "File {number} is not a picture or video that we can read here.",
  refused_undecodable: "File {number} is damaged. Another copy of it may work.",
  refused_too_large: "File {number} is too large for this device.",
  refused_empty: "File {number} is empty.",
  refused_animated: "File {number} is a moving picture of a kind that we cannot read here.",
  refused_blank: "File {number} shows too little to tell it from others.",
  refused_device: "This browser cannot read file {number} reliably, so we made no fingerprint of it.",
};

export function wordsOf(form: HTMLFormElement): Words {
  const template = form.querySelector<HTMLTemplateElement>("template[data-words]");
  const told = template?.content.textContent?.trim();
  return { ...ENGLISH, ...(told ? (JSON.parse(told) as Partial<Words>) : {}) };
}

export function say(sentence: string, values: Record<string, number> = {}): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
