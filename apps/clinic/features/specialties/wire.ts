export type { Specialty } from "@workspace/api-client/shapes";
