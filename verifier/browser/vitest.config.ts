import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "/static/": fileURLToPath(new URL("../../badges/web/static/", import.meta.url)) } },
  // How long one test takes says how busy the machine is, not how good the code is.
  test: { testTimeout: 60_000, include: ["tests/**/*.test.ts"], environment: "node" },
});
