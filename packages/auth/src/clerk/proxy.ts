import { clerkMiddleware } from "@clerk/nextjs/server";
import type { WithAuth } from "../driver";

export const withAuth: WithAuth = (handler) =>
  clerkMiddleware(async (auth, request) => {
    const { userId } = await auth();
    return handler(request, { signedIn: userId !== null, cookies: [] });
  });
