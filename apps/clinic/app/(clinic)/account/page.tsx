import { getTranslations } from "next-intl/server";
import { pageSession } from "@workspace/auth/session";
import { AccountContent } from "@workspace/shell/account/account-content";
import { Page } from "@workspace/shell/page";
import { PictureCard } from "@/features/files/picture-card";
import { setPicture } from "@/features/specialists/actions";
import { readOwnSpecialist } from "@/features/specialists/queries";

export default async function AccountPage() {
  const [t, session] = await Promise.all([getTranslations("shell"), pageSession()]);
  const own = session.can("catalogue.read") ? await readOwnSpecialist(session.me.id) : null;
  return (
    <Page title={t("account")} width="form">
      <AccountContent />
      {own ? (
        <div className="mt-4 flex flex-col gap-4">
          <PictureCard
            kind="avatar"
            src={own.avatar}
            alt={own.name}
            save={setPicture.bind(null, own.id, "avatar", own.etag)}
          />
          <PictureCard
            kind="signature_image"
            src={own.signature}
            alt={own.name}
            save={setPicture.bind(null, own.id, "signature_image", own.etag)}
          />
        </div>
      ) : null}
    </Page>
  );
}
