export interface Specialty {
  id: string;
  title: string;
  slug: string;
  description: string | null;
  sort_order: number;
  active: boolean;
  row_version: number;
}
