/** A kind of consent with the patient's last answer. */
export type { OwnConsent } from "@workspace/api-client/shapes";
