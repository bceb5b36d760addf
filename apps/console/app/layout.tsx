import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { currentOrganization } from "@workspace/org/request";
import { Document } from "@workspace/shell/document";
import "./globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const organization = await currentOrganization();
  const name = organization?.name ?? "RestartiX Console";
  return { title: { default: name, template: `%s · ${name}` }, robots: { index: false, follow: false } };
}

export const viewport: Viewport = { width: "device-width", initialScale: 1, viewportFit: "cover" };

export default function RootLayout({ children }: { children: ReactNode }) {
  return <Document density="compact">{children}</Document>;
}
