"use client";

import { endSessionsOf } from "@dfworx/api";
import { listMemberSessions, type AdminShapes } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { Time } from "@dfworx/ui/time/Time";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

import { Asked } from "@/features/shell/Asked";

interface Props {
  member: AdminShapes["Member"];
  onClose: () => void;
}

/** Where somebody is signed in, and ending all of it. */
export function Sessions({ member, onClose }: Props) {
  const t = useTranslations("members");
  const api = useApi();
  const cached = useQueryClient();
  const sessions = useQuery(listMemberSessions(api, member.user_id));
  const ending = useMutation({
    ...endSessionsOf(api),
    onSettled: () => cached.invalidateQueries({ queryKey: ["admin", "member-sessions", member.user_id] }),
  });
  const isAnywhere = (sessions.data?.items.length ?? 0) > 0;
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={<bdi>{t("sessionsOf", { name: member.name })}</bdi>}
      actions={
        <>
          <Button onClick={onClose}>{t("close")}</Button>
          <Button
            look="danger"
            disabled={!isAnywhere}
            busy={ending.isPending && t("ending")}
            onClick={() => ending.mutate(member.user_id)}
          >
            {t("endSessions")}
          </Button>
        </>
      }
    >
      {ending.error && (
        <p role="alert" className="mb-3 text-sm text-danger">
          {ending.error.message}
        </p>
      )}
      <Asked query={sessions}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-sm text-ink-2">{t("noSessions")}</p>
          ) : (
            <ul className="text-sm">
              {items.map((session) => (
                <li key={session.session_id} className="border-t border-line py-2">
                  <span className="line-clamp-2 break-words">{session.user_agent}</span>
                  <span className="flex gap-3 text-xs text-ink-3">
                    <span className="font-mono">{session.address}</span>
                    <Time at={session.last_used_at} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </Dialog>
  );
}
