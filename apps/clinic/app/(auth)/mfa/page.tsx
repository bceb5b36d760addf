export { MfaPage as default } from "@workspace/shell/mfa-page";
