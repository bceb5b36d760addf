import { ForbiddenView } from "@workspace/shell/forbidden-view";

/** Inside the frame, so that the way back is still there. */
export default function ForbiddenPage() {
  return (
    <main id="main" className="p-6">
      <ForbiddenView />
    </main>
  );
}
