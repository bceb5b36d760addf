import { EyeOff } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { formatPhone } from "@workspace/i18n/format";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card, CardHeader } from "@workspace/ui/card";
import { Fact, Facts } from "./facts";
import { RevealButton } from "./reveal-button";
import type { FullPatient } from "./wire";

/** Everything that the clinic may read about a patient; what is withheld says so. */
export async function ProfileCard({ patient, mayReveal }: { patient: FullPatient; mayReveal: boolean }) {
  const [t, format] = await Promise.all([getTranslations("patients"), getFormats()]);
  const shown = (field: string, value: ReactNode) => {
    if (value !== null && value !== undefined && value !== "") return value;
    if (patient.withheld_fields.includes(field))
      return (
        <span className="inline-flex items-center gap-1.5 text-muted">
          <EyeOff aria-hidden="true" className="size-4" />
          {t("not_shared")}
        </span>
      );
    return <span className="text-subtle">{t("not_entered")}</span>;
  };
  const list = (values: string[] | null | undefined) => (values && values.length > 0 ? values.join(", ") : null);
  const profile = patient.profile;
  const home = profile?.residence;
  const insurance = profile?.insurance_entries ?? [];
  const state = patient.profile_editable
    ? t("carried_alone")
    : patient.profile_shared
      ? t("carried_shared")
      : t("carried_closed");
  return (
    <>
      <Card>
        <CardHeader title={t("entered")} />
        <Facts>
          <Fact label={t("phone")}>{shown("phone", patient.phone && formatPhone(patient.phone))}</Fact>
          <Fact label={t("email")}>{shown("email", patient.email)}</Fact>
          <Fact label={t("birth_date")}>
            {shown("birth_date", patient.birth_date && format.date(`${patient.birth_date}T12:00:00Z`))}
          </Fact>
          <Fact label={t("sex")}>
            {shown("sex", patient.sex === "unknown" && patient.withheld_fields.includes("sex") ? null : t(`sex_${patient.sex}`))}
          </Fact>
          <Fact label={t("cnp")}>
            {patient.cnp ? (
              <RevealButton id={patient.id} field="cnp" masked={patient.cnp} allowed={mayReveal} />
            ) : (
              shown("cnp", null)
            )}
          </Fact>
          <Fact label={t("file_number")}>{patient.file_number}</Fact>
        </Facts>
      </Card>
      <Card>
        <CardHeader title={t("carried")} description={state} />
        <Facts>
          <Fact label={t("allergies")} wide>
            {shown("allergies", list(profile?.allergies))}
          </Fact>
          <Fact label={t("chronic_conditions")} wide>
            {shown("chronic_conditions", list(profile?.chronic_conditions))}
          </Fact>
          <Fact label={t("blood_type")}>{shown("blood_type", profile?.blood_type)}</Fact>
          <Fact label={t("occupation")}>{shown("occupation", profile?.occupation)}</Fact>
          <Fact label={t("residence")} wide>
            {shown(
              "residence",
              home ? list([home.line, home.locality, home.county, home.postal_code].flatMap((part) => part ?? [])) : null,
            )}
          </Fact>
          <Fact label={t("emergency_contact")} wide>
            {shown(
              profile?.emergency_contact_name ? "emergency_contact_name" : "emergency_contact_phone",
              list(
                [
                  profile?.emergency_contact_name,
                  profile?.emergency_contact_phone ? formatPhone(profile.emergency_contact_phone) : null,
                ].flatMap((part) => part ?? []),
              ),
            )}
          </Fact>
          <Fact label={t("insurance")} wide>
            {insurance.length > 0 ? (
              <RevealButton
                id={patient.id}
                field="insurance_numbers"
                masked={insurance.map((one) => `${one.insurer}, ${t(`insurance_${one.kind}`)}: ${one.number}`).join(" · ")}
                allowed={mayReveal}
              />
            ) : (
              shown("insurance_entries", null)
            )}
          </Fact>
        </Facts>
      </Card>
    </>
  );
}
