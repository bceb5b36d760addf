import "server-only";
import { load } from "@workspace/api-client/result";
import { corePublic } from "@workspace/auth/core";
import { addDays } from "@workspace/i18n/zoned";
import { chooseNotice, type Policy } from "./notice";
import type { Availability, LinkedBooking, PublicService, PublicSpecialist } from "./wire";

/** Services that can stand alone; add-ons are chosen together with another service. */
export const readServices = () =>
  load(async () => {
    const { data } = await corePublic<PublicService[]>({
      path: "/v1/public/services",
      query: { page_size: 100 },
    });
    return data.filter(({ is_addon }) => !is_addon);
  });

export const readSpecialists = (serviceId: string) =>
  load(async () => {
    const { data } = await corePublic<PublicSpecialist[]>({
      path: "/v1/public/specialists",
      query: { service_id: serviceId, page_size: 100 },
    });
    return data;
  });

export const readAvailability = (
  wanted: { serviceId: string; specialistId: string | null },
  range: { from: string; days: number; tz: string },
) =>
  load(async () => {
    const { data } = await corePublic<Availability>({
      path: "/v1/public/availability",
      query: {
        service_id: wanted.serviceId,
        ...(wanted.specialistId ? { specialist_id: wanted.specialistId } : {}),
        from: range.from,
        to: addDays(range.from, range.days - 1),
        tz: range.tz,
      },
    });
    return data;
  });

export const readBooking = (reference: string, token: string) =>
  load(async () => {
    const { data } = await corePublic<LinkedBooking>({
      path: `/v1/public/bookings/${encodeURIComponent(reference)}`,
      query: { t: token },
    });
    return data;
  });

/** The privacy notice that stands above the button; null when the clinic published none. */
export const readNotice = (locale: string) =>
  load(async () => {
    const { data } = await corePublic<Policy[]>({
      path: "/v1/public/policies",
      query: { consent_type: "privacy_notice", page_size: 20 },
    });
    return chooseNotice(data, locale);
  });
