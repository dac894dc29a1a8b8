// Limits of the device's side, each with its reason. Those of the server: src/unseen/fingerprint/limits.py and domain/limits.py.

export const SIDE_PIXELS_MIN = 5; // the reference answers an empty fingerprint below it
export const SIDE_PIXELS_MAX = 32_768;
export const PIXELS_MAX = 64_000_000; // 256 MB of RGBA; phones' largest pictures have 50 million
export const PICTURE_SIZE_BYTES_MAX = 64 * 2 ** 20;
export const QUALITY_MIN = 50; // below it a fingerprint matches everything and proves nothing
export const MATERIALS_MAX = 50; // of one report
export const IMAGE_LEAVES_BYTES_MAX = 128; // the text of one image in `materials`, all of it counted
export const VIDEO_LEAVES_BYTES_MAX = 64 * 1024; // the text of one video in `materials`, all of it counted
export const VIDEO_DURATION_S_MAX = 4 * 3600;
export const VIDEO_PIXELS_MAX = 9_437_184; // 4096 x 2304
export const SEEK_WITHIN_MS = 10_000; // a film that the browser cannot seek to in that time it cannot play
