/** What the pages of patients read of the API's answers. */
export type {
  Appointment as Visit,
  ConsentAct,
  ConsentType,
  FullPatient,
  PatientProfile,
} from "@workspace/api-client/shapes";
