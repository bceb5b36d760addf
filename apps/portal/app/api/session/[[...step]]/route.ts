export { DELETE, GET, POST } from "@workspace/auth/driver/route";
