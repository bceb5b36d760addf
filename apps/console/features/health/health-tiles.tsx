import { getTranslations } from "next-intl/server";
import { LoadError } from "@workspace/shell/load-error";
import { getFormats } from "@workspace/shell/lib/formats";
import { Card } from "@workspace/ui/card";
import { Note } from "@workspace/ui/note";
import { readHealth, readIsolation } from "./queries";
import { Tile } from "./tile";

const services = ["postgres", "redis", "storage", "telemetry"] as const;

export async function HealthTiles() {
  const [t, format, { health, took }, isolation] = await Promise.all([
    getTranslations("health"),
    getFormats(),
    readHealth(),
    readIsolation(),
  ]);
  const word = (ok: boolean) => (ok ? t("ok") : t("bad"));
  const problems = isolation.ok ? isolation.data.findings.length : 0;
  return (
    <>
      {health ? null : <Note tone="danger" title={t("down_title")} />}
      <Card>
        <div className="-mr-px -mb-px grid md:grid-cols-3 xl:grid-cols-5">
          <Tile
            label={t("service.api")}
            ok={health?.status === "ok"}
            word={word(health?.status === "ok")}
            value={`${took} ms`}
            detail={health ? t("version", { version: health.version }) : t("fails")}
          />
          {services
            .filter((service) => health?.checks[service] !== undefined)
            .map((service) => {
              const ok = health?.checks[service] === "ok";
              return (
                <Tile
                  key={service}
                  label={t(`service.${service}`)}
                  ok={ok}
                  word={word(ok)}
                  value={ok ? t("answers") : t("fails")}
                  detail={ok ? null : health?.checks[service]}
                />
              );
            })}
          {isolation.ok ? (
            <Tile
              label={t("isolation")}
              ok={problems === 0}
              word={word(problems === 0)}
              value={t("problems", { count: problems })}
              detail={`${t("tables", { count: isolation.data.tables.length })}, ${format.relative(isolation.data.generated_at)}`}
            />
          ) : null}
        </div>
      </Card>
      {isolation.ok ? null : <LoadError problem={isolation.problem} />}
    </>
  );
}
