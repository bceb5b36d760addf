import { ForbiddenView } from "@workspace/shell/forbidden-view";

export default function ForbiddenPage() {
  return (
    <main id="main" className="p-6">
      <ForbiddenView />
    </main>
  );
}
