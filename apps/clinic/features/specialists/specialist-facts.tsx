import { getTranslations } from "next-intl/server";
import { Card, CardBody, CardHeader } from "@workspace/ui/card";
import type { Specialist, Specialty } from "./wire";

/** The profile for those who may look and not change. */
export async function SpecialistFacts({
  person,
  specialties,
}: {
  person: Specialist;
  specialties: Specialty[];
}) {
  const t = await getTranslations("specialists");
  const practised = specialties
    .filter(({ id }) => person.specialty_ids.includes(id))
    .map(({ title }) => title);
  const facts = [
    [t("specialties"), practised.join(", ")],
    [t("stamp"), person.stamp_number],
    [t("zone"), person.scheduling_timezone],
    [t("description"), person.description],
  ] as const;
  return (
    <Card>
      <CardHeader title={t("profile")} />
      <CardBody>
        <dl className="grid gap-x-6 gap-y-3 md:grid-cols-[10rem_minmax(0,1fr)]">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="whitespace-pre-line max-md:mb-1">{value || t("not_given")}</dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  );
}
