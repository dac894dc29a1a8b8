// A decoder's WASM from our own origin. Never from a data: or blob: address, so that the strict policy holds.

import { Refusal } from "../refusal";

export function hasWasm(): boolean {
  return typeof WebAssembly === "object" && typeof WebAssembly.instantiate === "function";
}

export async function bytesOf(address: string): Promise<ArrayBuffer> {
  const answer = await fetch(address, { credentials: "omit" });
  if (!answer.ok) throw new Refusal("device", `a decoder could not be loaded (status ${answer.status})`);
  return answer.arrayBuffer();
}

export async function moduleOf(address: string): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await bytesOf(address));
}

/** A decoder that cannot start is the device's trouble, not the file's. */
export async function ready<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (trouble) {
    if (trouble instanceof Refusal) throw trouble;
    throw new Refusal("device", "a decoder could not be started");
  }
}
