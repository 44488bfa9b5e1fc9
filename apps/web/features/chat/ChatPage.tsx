"use client";

import { getMe } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { later } from "@dfworx/ui/later";
import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

import { Failed } from "@/features/shell/Failed";

import { ChatFrame } from "./ChatFrame";
import { ThreadSkeleton } from "./ThreadSkeleton";

const chat = later(() => import("./Chat"));

/** The frame stands at once; threads and messages come with the connection. */
export function ChatPage() {
  const t = useTranslations("chat");
  const { thread_id: threadId = null } = useParams<{ thread_id?: string }>();
  const message = useSearchParams().get("message");
  const { data: me } = useQuery(getMe(useApi()));
  const loaded = chat.useLoaded();
  const [error, setError] = useState<unknown>(null);
  const load = () => {
    setError(null);
    chat.load().catch(setError);
  };
  useEffect(() => {
    chat.load().catch(setError);
  }, []);
  if (loaded && me) return <loaded.Chat {...{ threadId, message, me }} />;
  return (
    <ChatFrame isThread={threadId !== null} name={null} list={<SkeletonRows label={t("loadingThreads")} rows={6} />}>
      {error ? (
        <Failed title={t("failedTitle")} error={error} again={load} />
      ) : (
        threadId && <ThreadSkeleton place="page" />
      )}
    </ChatFrame>
  );
}
