import { getTranslations } from "next-intl/server";
import { ApiError } from "@workspace/api-client/problem";
import { requireSession } from "@workspace/auth/session";
import { csvOf } from "@/features/patients/csv";
import { readQuery } from "@/features/patients/list-query";
import { readAllPatients } from "@/features/patients/queries";

/** The list as a file, narrowed as it is on the page. The API keeps who read it. */
export async function GET(request: Request): Promise<Response> {
  await requireSession("patients.manage");
  const query = readQuery(Object.fromEntries(new URL(request.url).searchParams));
  const t = await getTranslations("patients");
  try {
    const rows = await readAllPatients(query);
    const text = csvOf([
      [
        t("file_number"),
        t("last_name"),
        t("first_name"),
        t("phone"),
        t("email"),
        t("birth_date"),
        t("account"),
        t("added"),
      ],
      ...rows.map((row) => [
        row.file_number,
        row.last_name,
        row.first_name,
        row.phone ?? "",
        row.email ?? "",
        row.birth_date ?? "",
        t(`account_${row.account_state}`),
        row.created_at.slice(0, 10),
      ]),
    ]);
    return new Response(text, {
      headers: {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="patients.csv"',
        "Cache-Control": "no-store",
      },
    });
  } catch (error) {
    if (error instanceof ApiError) return new Response(null, { status: error.status || 502 });
    throw error;
  }
}
