// Parts that ship no types, or no types for the file that is loaded.

declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs" {
  export interface JPEGDecoder {
    getEncodedBuffer(size: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): { width: number; height: number; componentCount: number };
    delete(): void;
  }
  const start: (options: { wasmBinary: ArrayBuffer }) => Promise<{ JPEGDecoder: new () => JPEGDecoder }>;
  export default start;
}

declare module "libheif-js/libheif-wasm/libheif-bundle.mjs" {
  export interface HeifImage {
    get_width(): number;
    get_height(): number;
    display(into: { data: Uint8ClampedArray; width: number; height: number }, then: (made: unknown) => void): void;
    free(): void;
  }
  const start: () => { HeifDecoder: new () => { decode(data: Uint8Array): HeifImage[] } };
  export default start;
}
