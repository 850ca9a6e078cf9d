import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "/static/": fileURLToPath(new URL("../../badges/web/static/", import.meta.url)) } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
