import { Globe, Mail, MapPin, Phone } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import type { PublicOrganization } from "@workspace/api-client/shapes";
import { Card } from "@workspace/ui/card";

function Row({ icon, label, children }: { icon: ReactNode; label: string; children: ReactNode }) {
  return (
    <li className="flex min-h-15 items-center gap-3 border-b border-border px-4 py-2 last:border-b-0 [&>svg]:size-(--icon) [&>svg]:shrink-0 [&>svg]:stroke-[1.75] [&>svg]:text-brand-text">
      {icon}
      <div className="min-w-0">
        <p className="text-md text-muted">{label}</p>
        <p className="break-words">{children}</p>
      </div>
    </li>
  );
}

const dial = (phone: string) => `tel:${phone.replace(/[^\d+]/g, "")}`;

export async function ContactCard({ organization }: { organization: PublicOrganization }) {
  const t = await getTranslations("public_home");
  const { phone, email, address_line: street, locality, website } = organization;
  const address = [street, locality].filter(Boolean).join(", ");
  const empty = !phone && !email && !address && !website;
  return (
    <section>
      <h2 className="mb-2">{t("contact")}</h2>
      <Card>
        {empty ? <p className="p-4 text-muted">{t("no_contact")}</p> : null}
        <ul>
          {phone ? (
            <Row icon={<Phone aria-hidden="true" />} label={t("phone")}>
              <a className="link tabular-nums" href={dial(phone)}>
                {phone}
              </a>
            </Row>
          ) : null}
          {email ? (
            <Row icon={<Mail aria-hidden="true" />} label={t("email")}>
              <a className="link" href={`mailto:${email}`}>
                {email}
              </a>
            </Row>
          ) : null}
          {address ? (
            <Row icon={<MapPin aria-hidden="true" />} label={t("address")}>
              {address}
            </Row>
          ) : null}
          {website && /^https?:\/\//.test(website) ? (
            <Row icon={<Globe aria-hidden="true" />} label={t("website")}>
              <a className="link" href={website} rel="noopener noreferrer">
                {website.replace(/^https?:\/\//, "").replace(/\/$/, "")}
              </a>
            </Row>
          ) : null}
        </ul>
      </Card>
    </section>
  );
}
