"use client";

import { ErrorState } from "@dfworx/ui/State";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { startTransition } from "react";

import { BareSheet } from "./BareSheet";
import { HomeButton, RequestId, TryAgain } from "./Failed";

/** What a route's error boundary shows: the sheet's place, with a way back. */
export function PageFailed({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations("states");
  const router = useRouter();
  const again = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <BareSheet>
      <ErrorState
        isPage
        title={t("pageFailedTitle")}
        actions={
          <>
            <TryAgain onClick={again} />
            <HomeButton />
          </>
        }
        foot={error.digest && <RequestId id={error.digest} />}
      >
        {t("failed")}
      </ErrorState>
    </BareSheet>
  );
}
