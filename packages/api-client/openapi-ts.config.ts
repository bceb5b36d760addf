import { defineConfig } from "@hey-api/openapi-ts";

/** `make gen`: types of every operation from the Core API's document. The transport is src/core-fetch.ts, so no client is generated. */
export default defineConfig({
  input: "../../docs/openapi.yaml",
  output: { path: "src/gen", clean: true },
  plugins: ["@hey-api/typescript"],
});
