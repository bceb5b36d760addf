/** The patient's own record, which goes along from clinic to clinic. */
export type { OwnProfile } from "@workspace/api-client/shapes";
