export type { Specialty } from "@workspace/api-client/shapes";

export interface Named {
  id: string;
  name: string;
}

/** What needs a specialty; while there is something, it cannot be deleted. */
export interface Uses {
  specialists: Named[];
  services: Named[];
}
