export { default } from "@workspace/eslint-config";
