import { Search } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Button } from "@workspace/ui/button";
import { Input } from "@workspace/ui/input";

/** A plain GET form: the search stands in the address. */
export async function OrganizationSearch({ query }: { query: string }) {
  const t = await getTranslations("organizations");
  return (
    <form action="/organizations" role="search" className="flex max-w-md gap-2">
      <Input
        type="search"
        name="search"
        aria-label={t("search")}
        placeholder={t("search")}
        defaultValue={query}
        minLength={2}
      />
      <Button type="submit">
        <Search aria-hidden="true" />
        {t("search_submit")}
      </Button>
    </form>
  );
}
