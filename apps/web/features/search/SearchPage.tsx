"use client";

import { searchEverything } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useTimeZone, useTranslations } from "next-intl";

import { Failed } from "@/features/shell/Failed";
import { Sheet } from "@/features/shell/Sheet";
import { Tabs } from "@/features/shell/Tabs";

import { addressPath, askedOf, KINDS, messagesAsked, type Address } from "./asked";
import { MessageResults, MessagesBelow } from "./MessageResults";
import { useFoundMessages } from "./messages";
import { NothingFits, NothingSearched } from "./NothingFits";
import { SearchField } from "./SearchField";
import { SearchFilters } from "./SearchFilters";
import { SearchResults } from "./SearchResults";
import { useAddress } from "./useAddress";

/** Posts, comments, people and messages, best first; all that narrows them is in the address. */
export function SearchPage() {
  const t = useTranslations("finding.search");
  const [address, go] = useAddress();
  const { list, counts } = useSearch(address);
  const timeZone = useTimeZone() ?? "UTC";
  const messages = useFoundMessages({ text: messagesAsked(address, timeZone), keeps: true });
  const ofMessages = address.kind === "messages";
  const said = messages.items?.length ?? 0;
  const found = list.data?.pages.flatMap((page) => page.items) ?? [];
  const corrected = list.isPlaceholderData ? null : list.data?.pages[0]?.corrected;
  return (
    <Sheet
      title={t("title")}
      actions={<span className="grow" />}
      tools={
        <div className="shrink-0 border-b border-line px-4 pt-3 pb-2 md:px-5">
          <SearchField value={address.q} onChange={(q) => go({ ...address, q }, "replace")} />
          {address.q && (
            <div className="-mx-4 mt-2 flex items-center gap-x-4 gap-y-1 overflow-x-auto px-4 [scrollbar-width:none] md:mx-0 md:flex-wrap md:overflow-visible md:px-0">
              <Tabs
                label={t("kinds")}
                className="-ms-2.5 flex"
                tabs={[undefined, ...KINDS].map((kind) => ({
                  label: t(`kind.${kind ?? "all"}`),
                  href: addressPath(withKind(address, kind)),
                  onSelect: () => go(withKind(address, kind)),
                  isCurrent: address.kind === kind,
                  count: kind === "messages" ? said : kind && counts?.[kind],
                }))}
              />
              <SearchFilters address={address} go={go} />
            </div>
          )}
        </div>
      }
    >
      {!address.q ? (
        <NothingSearched />
      ) : ofMessages ? (
        <MessageResults messages={messages} address={address} go={go} />
      ) : list.isError && found.length === 0 ? (
        <Failed title={t("failedTitle")} error={list.error} again={() => void list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows label={t("loading")} />
      ) : found.length === 0 && (address.kind || said === 0) ? (
        <NothingFits address={address} go={go} />
      ) : (
        <div className={list.isPlaceholderData ? "opacity-60" : undefined} aria-busy={list.isPlaceholderData}>
          {corrected && (
            <p className="px-5 pt-4 pb-1 text-ink-2 max-md:px-4">
              {t.rich("corrected", {
                asked: address.q,
                corrected,
                b: (words) => <bdi className="font-semibold text-ink">{words}</bdi>,
                use: (words) => (
                  <button type="button" className="link" onClick={() => go({ ...address, q: corrected })}>
                    {words}
                  </button>
                ),
              })}
            </p>
          )}
          <SearchResults
            found={found}
            more={list.hasNextPage}
            loading={list.isFetchingNextPage}
            failed={list.isFetchNextPageError}
            loadMore={() => void list.fetchNextPage()}
          />
          {/* After the rest, so that nothing moves when they come. */}
          {!address.kind && !list.hasNextPage && said > 0 && (
            <MessagesBelow messages={messages} address={address} go={go} />
          )}
        </div>
      )}
      <p role="status" className="sr-only">
        {address.q && (ofMessages ? messages.items !== undefined : !list.isFetching && counts)
          ? t("told", { count: countOf(address.kind, counts, said) })
          : ""}
      </p>
    </Sheet>
  );
}

/** The list that is asked for, and how many there are of each kind: where only one is listed, the others are counted
 * by the answer to all, when that has been seen. */
function useSearch(address: Address) {
  const api = useApi();
  const timeZone = useTimeZone() ?? "UTC";
  // Beside messages the others are counted, and the answer is there for who goes on to them.
  const list = useInfiniteQuery(searchEverything(api, askedOf(address, timeZone)));
  const toAll = searchEverything(api, askedOf(withKind(address, undefined), timeZone));
  const ofAll = useQueryClient().getQueryData(toAll.queryKey)?.pages[0]?.counts;
  const here = list.data?.pages[0]?.counts;
  if (!here || !address.kind || address.kind === "messages") return { list, counts: here };
  return { list, counts: { ...here, ...ofAll, [address.kind]: here[address.kind] } };
}

type Counts = ReturnType<typeof useSearch>["counts"];

function countOf(kind: Address["kind"], counts: Counts, messages: number): number {
  if (kind === "messages" || !counts) return messages;
  return kind ? counts[kind] : counts.post + counts.comment + counts.person + messages;
}

function withKind({ kind: _before, ...rest }: Address, kind: Address["kind"]): Address {
  const { q, ...filters } = rest;
  return { q, ...(kind && { kind }), ...filters };
}
