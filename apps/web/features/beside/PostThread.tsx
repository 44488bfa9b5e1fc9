"use client";

import type { Me } from "@dfworx/api";
import { live } from "@dfworx/api/live";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useQuery } from "@tanstack/react-query";
import { useConvex } from "convex/react";
import { useTranslations } from "next-intl";

import { Thread } from "@/features/chat/Thread";
import { Connected } from "@/features/live/Connected";
import { Boundary } from "@/features/shell/Boundary";
import { Failed } from "@/features/shell/Failed";

interface PostThreadProps {
  postId: string;
  me: Me;
  /** The one that the address means, by number or id. */
  message: string | null;
}

export function PostThread(props: PostThreadProps) {
  const t = useTranslations("beside");
  return (
    <Connected>
      <Boundary fallback={(error, again) => <Failed title={t("threadFailed")} error={error} again={again} />}>
        <OpenedThread {...props} />
      </Boundary>
    </Connected>
  );
}

/** It is made when somebody first opens it. */
function OpenedThread({ postId, me, message }: PostThreadProps) {
  const t = useTranslations("beside");
  const client = useConvex();
  const thread = useQuery({
    queryKey: ["live", "threadOfPost", postId],
    queryFn: () => client.mutation(live.threads.forPost, { post_id: postId }),
    staleTime: Infinity,
    retry: false,
  });
  if (thread.isError)
    return <Failed title={t("threadFailed")} error={thread.error} again={() => void thread.refetch()} />;
  if (thread.isPending) return <SkeletonRows label={t("threadLoading")} rows={5} />;
  return <Thread threadId={thread.data} me={me} name={null} isBeside place="panel" message={message} />;
}
