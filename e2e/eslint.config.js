import shared from "@workspace/eslint-config";

/** Playwright's fixtures take a function named `use`, which the rules of React mistake for a hook. */
const config = [
  ...shared,
  { ignores: ["results/**"] },
  { rules: { "react-hooks/rules-of-hooks": "off", "no-empty-pattern": "off" } },
];

export default config;
