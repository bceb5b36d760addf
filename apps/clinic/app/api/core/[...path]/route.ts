export { DELETE, GET, PATCH, POST, PUT } from "@workspace/auth/core-route";
