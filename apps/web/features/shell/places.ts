/** The places of the workspace, once for sidebar and tab bar: a screen that gets a place is one line here. */
import { CircleUserRound, FileText, Inbox, MessagesSquare, SquarePen, type LucideIcon } from "lucide-react";

export interface Place {
  /** Its name among the messages of `shell`. */
  name: "inbox" | "posts" | "chat" | "drafts" | "you";
  href: string;
  icon: LucideIcon;
  /** Its turn in the tab bar of phones, if it is there. */
  onPhone?: number;
  /** Phones only: the sidebar has the account at its foot. */
  notInSidebar?: boolean;
}

export const PLACES: Place[] = [
  { name: "inbox", href: "/notifications", icon: Inbox, onPhone: 3 },
  { name: "posts", href: "/posts", icon: FileText, onPhone: 1 },
  { name: "chat", href: "/chat", icon: MessagesSquare, onPhone: 2 },
  { name: "drafts", href: "/posts?status=draft", icon: SquarePen },
  { name: "you", href: "/you", icon: CircleUserRound, onPhone: 4, notInSidebar: true },
];

/** Which place an address belongs to: the one that says most about it. */
export function isCurrent(href: string, pathname: string, search: URLSearchParams): boolean {
  const [path, query] = href.split("?") as [string, string | undefined];
  if (pathname !== path && !pathname.startsWith(`${path}/`)) return false;
  if (query) return pathname === path && new URLSearchParams(query).toString() === search.toString();
  return !["/posts?status=draft"].includes(`${pathname}?${search}`) && !search.has("category");
}
