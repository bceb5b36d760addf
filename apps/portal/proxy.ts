import { withAuth } from "@workspace/auth/driver/proxy";
import { serve } from "@workspace/auth/serve";

export const proxy = withAuth(
  serve({
    publicPaths: [
      "/",
      "/book",
      "/bookings/*",
      "/sign-in",
      "/forgot-password",
      "/reset-password",
      "/verify-email",
      "/invitations/*",
      "/api/session/*",
      "/api/locale",
      "/api/core/v1/public/*",
      "/auth/handoff",
    ],
  }),
);

export const config = {
  // Everything but the build's own files; a path with a dot is not excluded, since it may be a page.
  matcher: ["/((?!_next/static|_next/image|icon.svg).*)"],
};
