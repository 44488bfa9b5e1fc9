import { Activity, Flag, LayoutDashboard, ScrollText, SlidersHorizontal, Table2, Terminal, Users } from "lucide-react";

/** The dashboard's pages in their groups, as the sidebar has them. */
export const GROUPS = [
  {
    name: "run",
    places: [
      { name: "overview", path: "/", icon: LayoutDashboard },
      { name: "members", path: "/members", icon: Users },
      { name: "moderation", path: "/moderation", icon: Flag },
      { name: "settings", path: "/settings", icon: SlidersHorizontal },
    ],
  },
  {
    name: "understand",
    places: [
      { name: "reports", path: "/reports", icon: Table2 },
      { name: "audit", path: "/audit", icon: ScrollText },
    ],
  },
  {
    name: "operate",
    places: [
      { name: "logs", path: "/logs", icon: Terminal },
      { name: "health", path: "/health-of-parts", icon: Activity },
    ],
  },
] as const;
