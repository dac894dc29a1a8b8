// Every form with data-fingerprint: files in, fingerprints into the field `materials`. The files themselves go nowhere.

import { Cancelled, eachFile } from "./each_file";
import { MATERIALS_MAX } from "./limits";
import type { Material } from "./messages";
import { say, wordsOf, type Words } from "./words";

class Door {
  private readonly words: Words;
  private readonly files: HTMLInputElement;
  private readonly progress: HTMLProgressElement;
  private readonly status: HTMLOutputElement;
  private readonly materials: HTMLInputElement;
  private readonly cancel: HTMLButtonElement | null;
  private running: AbortController | null = null;

  constructor(private readonly form: HTMLFormElement) {
    const part = <T extends Element>(selector: string): T => {
      const found = form.querySelector<T>(selector);
      if (!found) throw new Error(`the form has no ${selector}`);
      return found;
    };
    this.words = wordsOf(form);
    this.files = part("input[type=file][data-files]");
    this.progress = part("progress[data-progress]");
    this.status = part("output[data-status]");
    this.materials = part("input[type=hidden][name=materials]");
    this.cancel = form.querySelector("button[data-cancel]");
    this.files.removeAttribute("name"); // a file with a name would be posted
    this.files.addEventListener("change", () => void this.chosen());
    this.cancel?.addEventListener("click", () => this.running?.abort());
    form.addEventListener("submit", (event) => this.running && event.preventDefault());
    this.show(false);
    if (this.files.files?.length) void this.chosen(); // chosen before this script was there
  }

  private async chosen(): Promise<void> {
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    this.materials.value = "";
    this.show(true);
    const files = Array.from(this.files.files ?? []);
    try {
      await this.work(files, running.signal);
    } catch (trouble) {
      if (!(trouble instanceof Cancelled)) throw trouble;
      if (this.running === running) this.say([this.words.cancelled]);
    } finally {
      if (this.running === running) {
        this.running = null;
        this.show(false);
      }
    }
  }

  private async work(files: File[], cancelled: AbortSignal): Promise<void> {
    const taken = files.slice(0, MATERIALS_MAX);
    const made: Material[] = [];
    const lines: string[] = files.length > MATERIALS_MAX ? [say(this.words.too_many, { most: MATERIALS_MAX })] : [];
    let number = 0;
    const tell = (share: number): void => {
      this.progress.value = (number + share) / taken.length;
    };
    const working = (): void =>
      this.say([say(this.words.working, { number: Math.min(number + 1, taken.length), total: taken.length }), ...lines]);
    working();
    for await (const outcome of eachFile(taken, tell, cancelled)) {
      number++;
      if ("material" in outcome) made.push(outcome.material);
      else lines.push(say(this.words[`refused_${outcome.code}`], { number }));
      tell(0);
      working();
    }
    this.materials.value = made.length ? JSON.stringify(made) : "";
    if (!taken.length) lines.length = 0;
    else if (made.length < taken.length) lines.push(this.words.places);
    if (made.length === 1) lines.unshift(this.words.ready_one);
    else if (made.length) lines.unshift(say(this.words.ready, { count: made.length }));
    this.say(lines);
  }

  private say(lines: string[]): void {
    this.status.value = lines.join("\n");
  }

  /** While it works the report cannot be sent; afterwards it can, with places alone if no fingerprint was made. */
  private show(working: boolean): void {
    for (const button of this.form.querySelectorAll<HTMLButtonElement>("button[type=submit]")) button.disabled = working;
    this.progress.hidden = !working;
    if (working) this.progress.value = 0;
    if (this.cancel) this.cancel.hidden = !working;
    this.form.setAttribute("aria-busy", String(working));
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-fingerprint]")) new Door(form);
