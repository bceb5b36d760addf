import coreWebVitals from "eslint-config-next/core-web-vitals";
import typescript from "eslint-config-next/typescript";
import { boundaries } from "./boundaries.js";

/** The one flat configuration of every app and package. */
const config = [
  { ignores: [".next/**", "node_modules/**", "src/gen/**", "next-env.d.ts", "coverage/**"] },
  ...coreWebVitals,
  ...typescript,
  {
    settings: { next: { rootDir: "." }, react: { version: "19.3" } },
    plugins: { workspace: { rules: { boundaries } } },
    rules: {
      "workspace/boundaries": "error",
      "@next/next/no-html-link-for-pages": "off",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-console": "error",
      eqeqeq: "error",
      "max-lines": ["error", { max: 400 }],
    },
  },
];

export default config;
