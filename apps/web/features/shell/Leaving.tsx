"use client";

import { getMe } from "@dfworx/api";
import { useApi, useSignOut } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { createContext, useContext, useState, type ReactNode } from "react";

import { hasUnsent, leaveDevice } from "@/features/session/device";

const Context = createContext<() => void>(() => undefined);

/** Signs out, and leaves nothing of the person on the screen, in memory or on the device. */
export function useLeaving(): () => void {
  return useContext(Context);
}

/** Around the workspace: asks first where something that isn't saved would be lost. */
export function Leaving({ children }: { children: ReactNode }) {
  const t = useTranslations("shell");
  const { data: me } = useQuery(getMe(useApi()));
  const signOut = useSignOut();
  const [asking, ask] = useState(false);
  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: () => {
        leaveDevice(me);
        window.location.assign("/sign-in");
      },
    });
  return (
    <Context value={() => (me && hasUnsent(me) ? ask(true) : leave())}>
      {children}
      <Dialog
        open={asking}
        onOpenChange={ask}
        title={t("leavingTitle")}
        description={t("leavingText")}
        actions={
          <>
            <Button onClick={() => ask(false)}>{t("stay")}</Button>
            <Button look="danger" onClick={leave} busy={(signOut.isPending || signOut.isSuccess) && t("signingOut")}>
              {t("signOut")}
            </Button>
          </>
        }
      />
    </Context>
  );
}
