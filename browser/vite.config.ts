// Builds the one entry `door.js` with its worker and decoders into the static files of the package.
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "./", // addresses relative to the script: it works below any path
  build: {
    outDir: "../src/unseen/web/static/web/device",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // a data: address would need connect-src data:
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: "src/door.ts",
      output: { entryFileNames: "door.js" },
    },
  },
  worker: { format: "es" },
  test: { testTimeout: 60_000 }, // a busy machine needs seconds for what takes 0.1 s
});
