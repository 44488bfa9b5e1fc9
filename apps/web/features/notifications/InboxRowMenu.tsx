"use client";

import { getMute } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Menu, MenuItem, MenuLabel } from "@dfworx/ui/Menu";
import { useQuery } from "@tanstack/react-query";
import { Bell, BellOff, Check, Circle, Ellipsis } from "lucide-react";
import { useTranslations } from "next-intl";

import type { Told } from "./group";
import { useSaying } from "./saying";

interface InboxRowMenuProps {
  told: Told;
  setRead: (isRead: boolean) => void;
  setMuted: (muted: boolean) => void;
}

/** What can be done with a row besides opening it. */
export function InboxRowMenu({ told, setRead, setMuted }: InboxRowMenuProps) {
  const t = useTranslations("finding.inbox");
  const post = told.newest.post;
  const { title } = useSaying()(told);
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="ghost"
          size="smallIcon"
          aria-label={title ? t("actions", { title }) : t("actionsUnnamed")}
          className="relative z-[1] max-md:size-11 max-md:-my-1.5"
        >
          <Ellipsis aria-hidden />
        </Button>
      }
    >
      {told.isRead ? (
        <MenuItem icon={<Circle aria-hidden />} shortcut="U" onSelect={() => setRead(false)}>
          {t("markUnread")}
        </MenuItem>
      ) : (
        <MenuItem icon={<Check aria-hidden />} shortcut="U" onSelect={() => setRead(true)}>
          {t("markRead")}
        </MenuItem>
      )}
      {post && <MuteItem postId={post.post_id} mute={setMuted} />}
    </Menu>
  );
}

/** Whether it is muted is asked for when the menu opens. */
function MuteItem({ postId, mute }: { postId: string; mute: (muted: boolean) => void }) {
  const t = useTranslations("finding.inbox");
  const { data: muted, isError } = useQuery(getMute(useApi(), postId));
  if (isError) return <MenuLabel>{t("muteUnknown")}</MenuLabel>;
  return (
    <MenuItem
      icon={muted ? <Bell aria-hidden /> : <BellOff aria-hidden />}
      disabled={muted === undefined}
      onSelect={() => mute(!muted)}
    >
      {muted ? t("unmute") : t("mute")}
    </MenuItem>
  );
}
