// Finding messages: words, and `from:NAME`, `from:me`, `tag:NAME`, `after:DATE`, `before:DATE`, `has:file` between them,
// with quotes around what has blanks. What is found is read as its reader would: nothing of a post that isn't theirs.
import type { OrderedQuery, NamedTableInfo } from "convex/server";

import type { Reading } from "./access";
import type { DataModel, Doc, Id } from "./_generated/dataModel";
import { findReadableThread } from "./readable";
import { Refusal } from "./refusal";
import { listTags } from "./tags";

const MOST = 50;
/** What one search looks at, over all: a search that finds little ends. */
const MOST_LOOKED_AT = 3000;
const MOST_NAMED_ALIKE = 20;
const MOST_NAMES = 10;
const LONGEST = 500;
const PART = /(?:(\w+):)?(?:"([^"]*)"|(\S+))/gu;
const DATE = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/u;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/u;

type Message = Doc<"messages">;
type Context = Pick<Reading, "db" | "person">;
type Wanted = {
  words: string;
  from: string[];
  tags: string[];
  after: number;
  before: number;
  has_file: boolean;
};
/** With names looked up; null where anybody and anything will do. */
type Filter = {
  thread_id: Id<"threads"> | undefined;
  users: Set<string> | null;
  /** Of each set one. */
  tags: Set<Id<"tags">>[];
} & Pick<Wanted, "words" | "after" | "before" | "has_file">;

export async function findMessages(ctx: Context, text: string, thread_id?: Id<"threads">): Promise<Message[]> {
  const wanted = parse(text);
  const filter = await lookUp(ctx, wanted, thread_id);
  if (filter === null) {
    return [];
  }
  const found = await collect(ctx, filter);
  const inOrder = filter.words === "" ? found.sort((a, b) => b.sent_at - a.sent_at) : found;
  return inOrder.slice(0, MOST);
}

/** Exported for its own tests. */
export function parse(text: string): Wanted {
  if (text.length > LONGEST) {
    throw new Refusal("invalid", `A search is at most ${LONGEST} characters long.`);
  }
  const wanted: Wanted = { words: "", from: [], tags: [], after: -Infinity, before: Infinity, has_file: false };
  const words: string[] = [];
  for (const [whole, name, quoted, bare] of text.matchAll(PART)) {
    const value = (quoted ?? bare ?? "").trim();
    switch (value === "" ? "" : name?.toLowerCase()) {
      case "from":
        wanted.from.push(value.toLowerCase());
        break;
      case "tag":
        wanted.tags.push(value.toLowerCase());
        break;
      case "after":
        wanted.after = Math.max(wanted.after, momentOf(value));
        break;
      case "before":
        wanted.before = Math.min(wanted.before, momentOf(value));
        break;
      case "has":
        requireFile(value);
        wanted.has_file = true;
        break;
      default:
        words.push(name === undefined ? value : whole);
    }
  }
  if (wanted.from.length + wanted.tags.length > MOST_NAMES) {
    throw new Refusal("invalid", `A search has at most ${MOST_NAMES} names of people and tags.`);
  }
  return { ...wanted, words: words.join(" ").trim() };
}

/** A day begins at midnight UTC: `after` it is from then on, `before` it until then. */
function momentOf(text: string): number {
  const moment = DATE.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(moment)) {
    throw new Refusal("invalid", `${text} is no date: write it as 2026-03-31.`);
  }
  return moment;
}

function requireFile(value: string): void {
  if (!/^files?$/iu.test(value)) {
    throw new Refusal("invalid", `One can ask for has:file, not for has:${value}.`);
  }
}

/** Null when nothing can be found: nobody has that name, or nothing was asked. */
async function lookUp(ctx: Context, wanted: Wanted, thread_id?: Id<"threads">): Promise<Filter | null> {
  const { words, after, before, has_file } = wanted;
  const isEmpty =
    words === "" &&
    !has_file &&
    after === -Infinity &&
    before === Infinity &&
    [...wanted.from, ...wanted.tags].length === 0;
  if (isEmpty && thread_id === undefined) {
    return null;
  }
  let users: Set<string> | null = null;
  for (const name of wanted.from) {
    users = new Set([...(users ?? []), ...(await findUsers(ctx, name))]);
  }
  const known = wanted.tags.length > 0 ? await listTags(ctx.db) : [];
  const tags = wanted.tags.map(
    (name) => new Set(known.filter((each) => each.name.toLowerCase() === name).map((each) => each._id)),
  );
  const isHopeless = users?.size === 0 || tags.some((each) => each.size === 0);
  return isHopeless ? null : { words, after, before, has_file, thread_id, users, tags };
}

/** Whose name is that, or has words that begin as its words do. */
async function findUsers(ctx: Context, name: string): Promise<string[]> {
  if (name === "me") {
    return [(await ctx.person()).user_id];
  }
  if (UUID.test(name)) {
    return [name];
  }
  const named = await ctx.db.search("members", "by_name", (q) => q.search("name", name)).take(200);
  const parts = name.split(/\s+/u);
  const isNamed = (full: string) => {
    const words = full.toLowerCase().split(/\s+/u);
    return parts.every((part) => words.some((word) => word.startsWith(part)));
  };
  return named
    .filter((each) => isNamed(each.name))
    .slice(0, MOST_NAMED_ALIKE)
    .map((each) => each.user_id);
}

/** From each source the first that fit. */
async function collect(ctx: Context, filter: Filter): Promise<Message[]> {
  const threads = new Map<Id<"threads">, boolean>();
  const isReadable = async (id: Id<"threads">) => {
    const known = threads.get(id) ?? (await findReadableThread(ctx, id)) !== null;
    threads.set(id, known);
    return known;
  };
  const found: Message[] = [];
  let looks = MOST_LOOKED_AT;
  for (const source of sources(ctx, filter)) {
    let taken = 0;
    for await (const row of source) {
      looks -= 1;
      const message = "message_id" in row ? await ctx.db.get("messages", row.message_id) : row;
      if (message !== null && fits(message, filter) && (await isReadable(message.thread_id))) {
        found.push(message);
        taken += 1;
      }
      if (taken === MOST || looks <= 0) {
        break;
      }
    }
  }
  return found;
}

type Rows<T extends "messages" | "message_tags"> = OrderedQuery<NamedTableInfo<DataModel, T>>;

/** By words where there are any, else the newest first by what leaves the fewest to look at. */
function sources({ db }: Context, filter: Filter): (Rows<"messages"> | Rows<"message_tags">)[] {
  const { words, thread_id, users, has_file, after, before } = filter;
  const [only, ...others] = users ?? [];
  const [ofTag] = filter.tags;
  if (words !== "") {
    return [
      db.search("messages", "by_text", (q) => {
        let narrowed = q.search("text", words);
        narrowed = thread_id === undefined ? narrowed : narrowed.eq("thread_id", thread_id);
        narrowed = only === undefined || others.length > 0 ? narrowed : narrowed.eq("user_id", only);
        return has_file ? narrowed.eq("has_file", true) : narrowed;
      }),
    ];
  }
  if (ofTag !== undefined) {
    return [...ofTag].map((tag_id) =>
      db
        .range("message_tags", "by_tag_and_time", (q) =>
          q.eq("tag_id", tag_id).gte("sent_at", after).lt("sent_at", before),
        )
        .order("desc"),
    );
  }
  if (users !== null && thread_id === undefined) {
    return [...users].map((user_id) =>
      db
        .range("messages", "by_user_and_time", (q) =>
          q.eq("user_id", user_id).gte("sent_at", after).lt("sent_at", before),
        )
        .order("desc"),
    );
  }
  if (thread_id !== undefined) {
    return [
      db
        .range("messages", "by_thread_and_time", (q) =>
          q.eq("thread_id", thread_id).gte("sent_at", after).lt("sent_at", before),
        )
        .order("desc"),
    ];
  }
  return (has_file ? [true] : [true, false]).map((has) =>
    db
      .range("messages", "by_file_and_time", (q) => q.eq("has_file", has).gte("sent_at", after).lt("sent_at", before))
      .order("desc"),
  );
}

function fits(message: Message, filter: Filter): boolean {
  return (
    message.removed_at === null &&
    message.sent_at >= filter.after &&
    message.sent_at < filter.before &&
    (filter.thread_id === undefined || message.thread_id === filter.thread_id) &&
    (filter.users?.has(message.user_id) ?? true) &&
    (!filter.has_file || message.has_file) &&
    filter.tags.every((some) => message.tags.some((each) => some.has(each)))
  );
}
