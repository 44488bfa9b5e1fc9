/** The pages of settings, once for the column beside them and for the phone's page You. */
import { Bell, MonitorSmartphone, SunMoon, UserRound, UsersRound, type LucideIcon } from "lucide-react";

export interface SettingsPlace {
  /** Its name among the messages of `settings.pages`. */
  name: "profile" | "notifications" | "appearance" | "sessions" | "members";
  href: string;
  icon: LucideIcon;
  /** Others are not shown it, and are told that it isn't there. */
  forAdmins?: boolean;
}

export const SETTINGS: SettingsPlace[] = [
  { name: "profile", href: "/settings/profile", icon: UserRound },
  { name: "notifications", href: "/settings/notifications", icon: Bell },
  { name: "appearance", href: "/settings/appearance", icon: SunMoon },
  { name: "sessions", href: "/settings/sessions", icon: MonitorSmartphone },
  { name: "members", href: "/settings/members", icon: UsersRound, forAdmins: true },
];

export function settingsFor(role: string | undefined): SettingsPlace[] {
  return SETTINGS.filter((each) => !each.forAdmins || role === "admin");
}
