/** The places of the workspace, once for sidebar and tab bar: a screen that gets a place is one line here. */
import { CircleUserRound, FileText, SquarePen, type LucideIcon } from "lucide-react";

export interface Place {
  /** Its name among the messages of `shell`. */
  name: "posts" | "drafts" | "you";
  href: string;
  icon: LucideIcon;
  /** Where it is shown besides the sidebar. */
  onPhone?: boolean;
  /** Phones only: the sidebar has the account at its foot. */
  notInSidebar?: boolean;
}

export const PLACES: Place[] = [
  { name: "posts", href: "/posts", icon: FileText, onPhone: true },
  { name: "drafts", href: "/posts?status=draft", icon: SquarePen },
  { name: "you", href: "/you", icon: CircleUserRound, onPhone: true, notInSidebar: true },
];

/** Which place an address belongs to: the one that says most about it. */
export function isCurrent(href: string, pathname: string, search: URLSearchParams): boolean {
  const [path, query] = href.split("?") as [string, string | undefined];
  if (pathname !== path && !pathname.startsWith(`${path}/`)) return false;
  if (query) return pathname === path && new URLSearchParams(query).toString() === search.toString();
  return !["/posts?status=draft"].includes(`${pathname}?${search}`) && !search.has("category");
}
