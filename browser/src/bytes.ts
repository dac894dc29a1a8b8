// Reads of untrusted bytes: beyond the end there is nothing, and no read runs past it.

export class Bytes {
  private readonly view: DataView;

  constructor(readonly data: Uint8Array, readonly little = false) {
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  get length(): number {
    return this.data.length;
  }

  u8(at: number): number {
    return at >= 0 && at < this.length ? this.data[at] : 0;
  }

  u16(at: number): number {
    return at >= 0 && at + 2 <= this.length ? this.view.getUint16(at, this.little) : 0;
  }

  u32(at: number): number {
    return at >= 0 && at + 4 <= this.length ? this.view.getUint32(at, this.little) : 0;
  }

  text(from: number, to: number): string {
    let made = "";
    for (let at = from; at < Math.min(to, this.length); at++) made += String.fromCharCode(this.data[at]);
    return made;
  }

  part(from: number, to: number): Uint8Array {
    return this.data.subarray(from, to);
  }
}
