import { getTranslations } from "next-intl/server";
import { ApiError } from "@workspace/api-client/problem";
import { coreWrite } from "@workspace/auth/core";
import { requireSession } from "@workspace/auth/session";
import { csvText } from "@workspace/i18n/csv";
import { listParams, listQuery } from "@/features/specialists/list-query";
import type { Specialist, Specialty } from "@/features/specialists/wire";

const pageSize = 100;
/** More specialists than any clinic has; it bounds the file. */
const mostPages = 50;

/** The list as a file, narrowed and sorted as on the page. */
export async function GET(request: Request): Promise<Response> {
  try {
    await requireSession("catalogue.read");
    const query = listQuery(Object.fromEntries(new URL(request.url).searchParams));
    const [t, specialties] = await Promise.all([
      getTranslations("specialists"),
      coreWrite<Specialty[]>({ path: "/v1/specialties", query: { page_size: pageSize } }),
    ]);
    const titles = new Map(specialties.data.map(({ id, title }) => [id, title]));
    const rows: string[][] = [
      [t("name"), t("title"), t("specialties"), t("phone"), t("email"), t("zone"), t("takes_visits")],
    ];
    for (let page = 1; page <= mostPages; page++) {
      const { data, pagination } = await coreWrite<Specialist[]>({
        path: "/v1/specialists",
        query: listParams({ ...query, page }, pageSize),
      });
      for (const person of data)
        rows.push([
          person.name,
          person.title ?? "",
          person.specialty_ids.flatMap((id) => titles.get(id) ?? []).join("; "),
          person.phone ?? "",
          person.email ?? "",
          person.scheduling_timezone ?? "",
          person.scheduling_active ? t("yes") : t("no"),
        ]);
      if (page >= (pagination?.total_pages ?? 1)) break;
    }
    return new Response(csvText(rows), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="specialists.csv"',
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    if (error instanceof ApiError) return new Response(null, { status: error.status || 503 });
    throw error;
  }
}
