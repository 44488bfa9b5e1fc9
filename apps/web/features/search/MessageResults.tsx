"use client";

import { Avatar } from "@dfworx/ui/Avatar";
import { Button } from "@dfworx/ui/Button";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { ErrorState } from "@dfworx/ui/State";
import { useTranslations } from "next-intl";

import { refusalOf } from "@/features/live/refusal";
import { Failed } from "@/features/shell/Failed";
import { pathOfThread } from "@/features/shell/paths";
import { useRows } from "@/features/shortcuts/useRows";

import { withoutFilters, type Address } from "./asked";
import { foundText } from "./foundText";
import { FoundRow } from "./FoundRow";
import type { FoundMessage, useFoundMessages } from "./messages";
import { NothingFits } from "./NothingFits";
import { Parts } from "./Parts";
import { useThreadName } from "./useThreadName";

/** Of one search; who wants more narrows it. convex/searching.ts has the same. */
const MOST = 50;
const FIRST = 3;

interface MessageResultsProps {
  messages: ReturnType<typeof useFoundMessages>;
  address: Address;
  go: (address: Address) => void;
}

export function MessageResults({ messages, address, go }: MessageResultsProps) {
  const t = useTranslations("finding.search");
  const list = useRows<HTMLOListElement>();
  const { items, error } = messages;
  const refused = refusalOf(error);
  if (refused?.code === "invalid") {
    return (
      <ErrorState
        title={t("notAskedTitle")}
        actions={<Button onClick={() => go(withoutFilters(address))}>{t("clearFilters")}</Button>}
      >
        {t("notAskedText")}
      </ErrorState>
    );
  }
  if (error) return <Failed title={t("failedTitle")} error={error} again={messages.again} />;
  if (!items) return <SkeletonRows label={t("loading")} />;
  return (
    <div className={messages.isWaiting ? "opacity-60" : undefined} aria-busy={messages.isWaiting}>
      <p className="px-5 pt-3 text-xs text-ink-3 max-md:px-4">
        {t.rich("messagesHelp", { code: (text) => <code className="font-mono text-ink-2">{text}</code> })}
      </p>
      {items.length === 0 ? (
        <NothingFits address={address} go={go} />
      ) : (
        <ol ref={list} aria-label={t("list")} className="py-2">
          {items.map((item) => (
            <MessageFound key={item.message.message_id} found={item} search={address.q} />
          ))}
        </ol>
      )}
      {items.length === MOST && <p className="px-5 pb-6 text-sm text-ink-3 max-md:px-4">{t("mostMessages")}</p>}
    </div>
  );
}

/** The best few, where everything is listed. */
export function MessagesBelow({ messages: { items = [] }, address, go }: MessageResultsProps) {
  const t = useTranslations("finding.search");
  return (
    <section aria-label={t("kind.messages")} className="border-t border-line pt-3 pb-4">
      <h2 className="px-5 text-xs font-medium text-ink-3 max-md:px-4">{t("kind.messages")}</h2>
      <ol className="py-1">
        {items.slice(0, FIRST).map((item) => (
          <MessageFound key={item.message.message_id} found={item} search={address.q} />
        ))}
      </ol>
      {items.length > FIRST && (
        <Button look="ghost" className="mx-2.5" onClick={() => go({ ...address, kind: "messages" })}>
          {t("allMessages", { count: items.length })}
        </Button>
      )}
    </section>
  );
}

function MessageFound({ found, search }: { found: FoundMessage; search: string }) {
  const t = useTranslations("finding.search");
  const nameOf = useThreadName();
  const { message, author, thread } = found;
  const files = message.attachments.map((each) => each.name).join(", ");
  return (
    <FoundRow
      icon={<Avatar person={author} decorative />}
      href={pathOfThread(message.thread_id, message.number)}
      title={t("messageIn", { name: author.name ?? t("someone"), thread: nameOf(thread) })}
      snippet={message.text ? <Parts parts={foundText(message.text, search)} /> : files}
      meta={[message.text && files]}
      at={new Date(message.sent_at).toISOString()}
    />
  );
}
