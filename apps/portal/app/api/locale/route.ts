export { POST } from "@workspace/auth/locale-route";
