export { GET } from "@workspace/auth/handoff-route";
