"use client";

import { ROLES, type Role } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { Menu, MenuItem, MenuLine } from "@dfworx/ui/Menu";
import { Ellipsis } from "lucide-react";
import { useTranslations } from "next-intl";

import type { Change } from "./useChanging";

interface Props {
  label: string;
  /** Three dots in place of the label. */
  isSmall?: boolean;
  /** What they are already; of many, nothing is known. */
  role?: Role;
  isActive?: boolean;
  change: (wanted: Change) => void;
  onLook?: () => void;
}

/** What can be done with one member, or with all that are chosen. */
export function MemberMenu({ label, isSmall, role, isActive, change, onLook }: Props) {
  const t = useTranslations("members");
  return (
    <Menu
      align="end"
      trigger={
        isSmall ? (
          <Button look="ghost" size="icon" aria-label={label}>
            <Ellipsis aria-hidden />
          </Button>
        ) : (
          <Button size="small">{label}</Button>
        )
      }
    >
      {ROLES.filter((each) => each !== role).map((each) => (
        <MenuItem key={each} onSelect={() => change({ role: each })}>
          {t("make", { role: t(`roles.${each}`) })}
        </MenuItem>
      ))}
      {onLook && <MenuLine />}
      {onLook && <MenuItem onSelect={onLook}>{t("sessions")}</MenuItem>}
      <MenuLine />
      {isActive !== true && <MenuItem onSelect={() => change({ is_active: true })}>{t("activate")}</MenuItem>}
      {isActive !== false && (
        <MenuItem danger onSelect={() => change({ is_active: false })}>
          {t("deactivate")}
        </MenuItem>
      )}
    </Menu>
  );
}
