import "server-only";
import { auth } from "@clerk/nextjs/server";
import type { ServerDriver } from "../driver";

/** Clerk renews its own short tokens; asking again is the refresh. */
export const driver: ServerDriver = {
  name: "clerk",
  async readToken() {
    return (await auth()).getToken();
  },
  async refreshToken() {
    return (await auth()).getToken();
  },
};
