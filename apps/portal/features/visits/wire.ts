/** A visit as its patient reads it. Instants are RFC 3339 in UTC. */
export type { Appointment as Visit } from "@workspace/api-client/shapes";
