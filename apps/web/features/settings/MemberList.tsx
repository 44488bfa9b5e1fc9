"use client";

import { listMembers, type Me } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Input } from "@dfworx/ui/Field";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { NothingFound } from "@dfworx/ui/State";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

import { Failed } from "@/features/shell/Failed";

import { MemberRow } from "./MemberRow";

const MILLISECONDS_OF_A_PAUSE = 200;

export function MemberList({ me }: { me: Me | undefined }) {
  const t = useTranslations("settings.members");
  const settings = useTranslations("settings");
  const states = useTranslations("states");
  const [typed, type] = useState("");
  const named = useSettled(typed.trim());
  const members = useInfiniteQuery({ ...listMembers(useApi(), named), placeholderData: keepPreviousData });
  const found = members.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className="relative mb-2">
        <Search
          className="pointer-events-none absolute start-2.5 top-1/2 size-4 -translate-y-1/2 stroke-[1.75] text-ink-3"
          aria-hidden
        />
        <Input
          type="search"
          aria-label={t("search")}
          placeholder={t("searchExample")}
          className="ps-8"
          maxLength={100}
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
      </div>
      {members.isPending ? (
        <SkeletonRows label={settings("loading")} rows={6} />
      ) : members.isError && found.length === 0 ? (
        <Failed title={t("failedTitle")} error={members.error} again={() => void members.refetch()} />
      ) : found.length === 0 ? (
        <NothingFound
          title={t("nobodyTitle", { named })}
          actions={<Button onClick={() => type("")}>{t("clearSearch")}</Button>}
        >
          {t("nobodyText")}
        </NothingFound>
      ) : (
        <ul aria-busy={members.isPlaceholderData}>
          {found.map((each) => (
            <MemberRow key={each.user_id} member={each} isMe={each.user_id === me?.user_id} />
          ))}
        </ul>
      )}
      {members.hasNextPage && (
        <div className="border-t border-line pt-4">
          <Button onClick={() => void members.fetchNextPage()} busy={members.isFetchingNextPage && settings("loading")}>
            {members.isFetchNextPageError ? states("tryAgain") : t("more")}
          </Button>
        </div>
      )}
    </>
  );
}

/** What was typed, once a pause is made. */
function useSettled(value: string): string {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), MILLISECONDS_OF_A_PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
