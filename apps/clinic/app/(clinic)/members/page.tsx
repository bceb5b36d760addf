import { getTranslations } from "next-intl/server";
import { requirePage } from "@workspace/shell/lib/require-page";
import { Page } from "@workspace/shell/page";
import { InvitationList } from "@/features/members/invitation-list";
import { InviteDialog } from "@/features/members/invite-dialog";
import { MemberTable } from "@/features/members/member-table";

export default async function MembersPage({
  searchParams,
}: {
  searchParams: Promise<{ page?: string | string[] }>;
}) {
  await requirePage("members.manage");
  const [t, { page }] = await Promise.all([getTranslations("members"), searchParams]);
  const wanted = typeof page === "string" && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1;
  return (
    <Page title={t("title")} actions={<InviteDialog />}>
      <MemberTable page={wanted} />
      <InvitationList />
    </Page>
  );
}
