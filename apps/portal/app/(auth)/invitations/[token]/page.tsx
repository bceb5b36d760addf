import { InvitationPage } from "@workspace/shell/invitation-page";

export default async function AcceptInvitationPage({ params }: { params: Promise<{ token: string }> }) {
  return <InvitationPage token={(await params).token} />;
}
