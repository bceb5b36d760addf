import { defineConfig } from "vitest/config";

// Some tests start processes of their own; a busy machine is no failure.
export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: { testTimeout: 60_000 },
});
