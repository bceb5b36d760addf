import { describe, expect, it } from "vitest";
import { offence, place, target } from "./boundaries.js";

const why = (file, specifier) => offence(place(file), target(specifier, file));

describe("workspace boundaries", () => {
  it.each([
    ["/r/packages/ui/src/components/button.tsx", "@workspace/i18n/format"],
    ["/r/packages/api-client/src/fetch.ts", "@workspace/auth/server"],
    ["/r/packages/i18n/src/x.ts", "../../../apps/clinic/app/page"],
    ["/r/apps/clinic/features/members/page.tsx", "@/features/settings/queries"],
    ["/r/apps/clinic/features/members/page.tsx", "../settings/queries"],
    ["/r/apps/clinic/features/members/page.tsx", "@/app/page"],
    ["/r/apps/clinic/app/page.tsx", "../../portal/app/page"],
  ])("refuses %s importing %s", (file, specifier) => {
    expect(why(file, specifier)).toBeTypeOf("string");
  });

  it.each([
    ["/r/packages/shell/src/x.tsx", "@workspace/ui/button"],
    ["/r/packages/auth/src/x.ts", "@workspace/auth/driver/server"],
    ["/r/apps/clinic/app/members/page.tsx", "@/features/members/queries"],
    ["/r/apps/clinic/features/members/table.tsx", "./queries"],
    ["/r/apps/clinic/features/members/table.tsx", "@workspace/ui/table"],
    ["/r/packages/ui/src/components/button.tsx", "react"],
  ])("allows %s importing %s", (file, specifier) => {
    const to = target(specifier, file);
    expect(to ? offence(place(file), to) : null).toBeNull();
  });
});
