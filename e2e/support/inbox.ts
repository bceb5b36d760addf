import { expect } from "@playwright/test";
import { read } from "./shape";
import { inboxUrl } from "./stack";

export interface Mail {
  id: number;
  subject: string;
  text: string;
  html: string;
}

async function mailsTo(address: string): Promise<Mail[]> {
  const response = await fetch(`${inboxUrl}/api/messages?to=${encodeURIComponent(address)}`);
  return read.list(await response.json()).map((row) => ({
    id: Number(row.id),
    subject: read.text(row, "subject"),
    text: read.text(row, "text"),
    html: read.text(row, "html"),
  }));
}

/** The newest mail to the address that is newer than `after`; mails come by a job, so it is waited for. */
export async function newestMail(address: string, after = 0): Promise<Mail> {
  let found: Mail | undefined;
  await expect
    .poll(
      async () => {
        found = (await mailsTo(address)).filter(({ id }) => id > after).at(-1);
        return found !== undefined;
      },
      { message: `a mail to ${address}`, timeout: 30_000 },
    )
    .toBe(true);
  if (!found) throw new Error(`no mail to ${address}`);
  return found;
}

/** The first address in the mail's text that contains the part. */
export function linkIn(mail: Mail, part: string): string {
  const link = (mail.text.match(/https?:\/\/\S+/g) ?? []).find((candidate) => candidate.includes(part));
  if (!link) throw new Error(`no link with "${part}" in: ${mail.text}`);
  return link.replace(/[).,>]+$/, "");
}
