import { canaryOf, readBack, type Canary } from "../support/canaries";
import { clinicId, memberOf } from "../support/core";
import { figure } from "../support/figure";
import { cookieHeader, login } from "../support/login";
import { people, type Account } from "../support/people";
import { filled, routesOf } from "../support/routes";
import { spellings } from "../support/spellings";
import { actionsOf, actionRequest, clinicState, handedOver } from "../support/actions";
import { clinicSite, consoleSite, portalSite, type Site } from "../support/stack";
import { expect, test } from "../support/test";
import { ask, type WireRequest } from "../support/wire";

const sites = () => [clinicSite("armonia"), portalSite("armonia"), consoleSite()];
const portOf = (site: Site) => Number(site.host.split(":").at(-1));

/** Sends the requests a few at a time; answers those whose bytes the judge takes for a leak. */
async function leaks(
  site: Site,
  cookie: string,
  requests: { name: string; request: WireRequest }[],
  leaked: (text: string) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  const waiting = [...requests];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { name, request } = next;
      const headers = { ...request.headers, ...(cookie ? { cookie } : {}) };
      const answer = await ask(portOf(site), { ...request, headers });
      if (leaked(JSON.stringify(answer.headers) + answer.text))
        found.push(`${site.app} ${request.path} (${name}): ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return found;
}

async function pageRequests(site: Site) {
  const values = { id: await clinicId("armonia"), token: "x" };
  return routesOf(site.app)
    .filter(({ inside }) => inside)
    .flatMap((route) => spellings(filled(route, values), site.host));
}

/** Every protected page in every spelling, asked by one person (null: nobody) of all three apps. */
async function pagesThatLeak(
  person: Account | null,
  canary: Canary,
): Promise<{ asked: number; found: string[] }> {
  const total = { asked: 0, found: new Array<string>() };
  for (const site of sites()) {
    const requests = await pageRequests(site);
    const cookie = person ? cookieHeader(await login(person, site)) : "";
    total.asked += requests.length;
    total.found.push(...(await leaks(site, cookie, requests, (text) => text.includes(canary.text))));
  }
  return total;
}

/** Every server action of the three apps, called by one person on the host of clinic A. */
async function actionsThatLeak(
  person: Account | null,
  canary: Canary,
): Promise<{ asked: number; found: string[] }> {
  const total = { asked: 0, found: new Array<string>() };
  const own = await clinicId("armonia");
  for (const site of sites()) {
    const requests = actionsOf(site.app).map((action) => ({
      name: action.name,
      request: actionRequest(action, site, own),
    }));
    const cookie = person ? cookieHeader(await login(person, site)) : "";
    total.asked += requests.length;
    total.found.push(
      ...(await leaks(site, cookie, requests, (text) => text.includes(canary.text) || handedOver(text))),
    );
  }
  return total;
}

test.describe("A-11", () => {
  test.setTimeout(600_000);

  // Red proof: the same matrix and the same judge, asked with a session that belongs to clinic A, must find the canary. So a
  // page or an action that answers without looking at whose session it is would be found the same way.
  test("no spelling of a protected page or server action answers a stranger or the other clinic", async () => {
    const canary = await canaryOf("armonia");
    expect(await readBack(canary)).toBe(true);
    const before = await clinicState("armonia");
    const stranger = await memberOf("nord", "admin");

    let asked = 0;
    const found: string[] = [];
    for (const person of [null, stranger]) {
      for (const part of [await pagesThatLeak(person, canary), await actionsThatLeak(person, canary)]) {
        asked += part.asked;
        found.push(...part.found);
      }
    }
    const after = await clinicState("armonia");
    if (after !== before) found.push(`clinic A changed: ${before} became ${after}`);
    const passed = found.length === 0 && asked > 1000;

    figure("A-11", found.length, passed);
    expect(found).toEqual([]);
    expect(asked).toBeGreaterThan(1000);

    const planted = await leaks(
      clinicSite("armonia"),
      cookieHeader(await login(people.admin(), clinicSite("armonia"))),
      (await pageRequests(clinicSite("armonia"))).filter(({ name }) =>
        ["plain", "rsc", "?_rsc="].includes(name),
      ),
      (text) => text.includes(canary.text),
    );
    expect(planted.length, "the judge sees a leak").toBeGreaterThan(5);
  });
});
