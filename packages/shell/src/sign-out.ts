import { forgetTouch } from "./idle";

/**
 * Ends the login session and leaves with a full page load, so that nothing of the person stays in memory or in the store; other
 * tabs follow.
 */
export async function signOut(): Promise<void> {
  await fetch("/api/session", {
    method: "DELETE",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  new BroadcastChannel("rx-session").postMessage("signed-out");
  forgetTouch(window.localStorage);
  window.location.assign("/sign-in");
}
