/** True when a menu entry stands for the page; a deep one also for everything below its address. */
export function isCurrent(pathname: string, href: string, deep: boolean): boolean {
  return pathname === href || (deep && pathname.startsWith(`${href}/`));
}
