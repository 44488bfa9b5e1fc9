/**
 * A post while it is written: what the person has, what the server had last, and how the two are brought together. It
 * knows no React and no network: both come in from outside. Nothing written is ever only here: until the server has it,
 * the keeper does.
 */
import { ApiProblem, type Post, type WebSchemas } from "@dfworx/api";

import { QUIET, type DraftState, type Ports, type SharedText, type Standing } from "./draftState";
import {
  BLANK,
  changesBetween,
  choose,
  fieldsOf,
  isBlank,
  meet,
  titleFrom,
  titleOf,
  wholeOf,
  type Fields,
} from "./fields";
import { findKept, type Unsent } from "./keeping";
import { closest } from "./meeting";
import { Pace } from "./pace";
import { Sent } from "./sent";
import { createPostText, type PostText } from "./text";

const KEEP_AFTER = 300;

export class Draft {
  readonly text: PostText;
  #state: DraftState;
  #base: Fields;
  #listeners = new Set<() => void>();
  #running: Promise<boolean> | null = null;
  #timers: Partial<Record<"save" | "keep" | "again", ReturnType<typeof setTimeout>>> = {};
  readonly #pace = new Pace();
  readonly #sent: Sent;
  /** Who saves the text: as long as that is open, nobody. */
  #home: SharedText | "draft" | "open" = "draft";
  #decided: (() => void)[] = [];
  /** What of the shared text was on its way when this device kept it last. */
  #unsent: Unsent | null = null;

  constructor(
    post: Post | null,
    private readonly ports: Ports,
    /** What a new one is to be called, where nothing that was kept has a title. */
    begun = "",
  ) {
    const theirs = post ? fieldsOf(post) : BLANK;
    const own = findKept(ports.keeper, post?.post_id ?? null, theirs);
    this.#base = own?.base ?? theirs;
    const { content, ...fields } = own?.fields ?? theirs;
    if (!post && !fields.title.trim()) fields.title = titleFrom(begun);
    this.text = createPostText(content);
    const saving = own || fields.title !== theirs.title ? "unsaved" : post ? "saved" : "blank";
    this.#state = { ...QUIET, post, fields, saving, restoredFrom: own?.at ?? null };
    if (own?.unsent) this.#unsent = own.unsent;
    this.#sent = new Sent(own?.inDoubt);
    if (post && ports.isSharing) this.#home = "open";
  }

  /** From now on it saves itself; gives what ends that. Between the two nothing is on its way. */
  open(): () => void {
    const unfollow = this.text.subscribe(() => this.#changed());
    if (this.#home === "draft" && this.#catchUp() && this.#changes()) this.#changed();
    return () => {
      this.keep();
      unfollow();
      Object.values(this.#timers).forEach(clearTimeout);
    };
  }

  get isShared(): boolean {
    return typeof this.#home === "object";
  }

  /**
   * The text is shared from now on. `reach` comes first, when no save is on its way any more: the document then has what the
   * post had in that version. `join` brings the two together: it is given what both may have been made of, and what was on
   * its way when this device kept it. Either gives false when the text can't be shared any more.
   */
  async share(
    home: SharedText,
    reach: (version: number) => Promise<boolean>,
    join: (bases: string[], unsent: Unsent | null) => boolean,
  ): Promise<boolean> {
    this.#home = "open";
    do await this.#running;
    while (this.#running);
    const version = await this.#sent.arrivedAs(this.#state.post, this.ports.server).catch(() => null);
    if (version === null || !(await reach(version)) || this.#home !== "open") return false;
    if (!join(this.#sent.texts(this.#base), this.#unsent)) return false;
    this.#unsent = null;
    this.#home = home;
    if (this.#state.post) this.#base = { ...this.#base, content: fieldsOf(this.#state.post).content };
    const { conflict } = this.#state;
    this.#set({ conflict: null, restoredFrom: null, shared: { isSent: true, isConnected: true, problem: null } });
    if (conflict) this.#meet(conflict.theirs);
    else if (this.#catchUp() && this.#changes()) this.#changed();
    this.#decide();
    return true;
  }

  /** How the shared text stands. */
  tell(shared: Standing): void {
    if (!this.isShared) return;
    this.#set({ shared });
    if (shared.isSent) this.keep();
  }

  /** The text isn't shared, for now or any more: it is saved with the rest. */
  stayAlone(): void {
    if (this.#home === "draft") return;
    this.#home = "draft";
    this.#set({ shared: null });
    this.#catchUp();
    this.#changed();
    this.#decide();
  }

  /** Whether the post is as new as its server has it: the shared text makes versions of its own. */
  async follow(): Promise<void> {
    const { post, conflict } = this.#state;
    if (!post || conflict || this.#running) return;
    const theirs = await this.ports.server.get(post.post_id);
    const known = this.#state.post?.version ?? 0;
    if (theirs.version > known && !this.#running && !this.#state.conflict) this.#meet(theirs);
  }

  /** Whether the text is the one of the version that is known. */
  get isUpToDate(): boolean {
    const { post } = this.#state;
    return post !== null && fieldsOf(post).content === this.text.read();
  }

  #decide(): void {
    this.#decided.splice(0).forEach((go) => go());
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = () => this.#state;
  get fields(): Fields {
    return { ...this.#state.fields, content: this.text.read() };
  }

  /** A draft saves itself. What others read already is saved when its author says so. */
  get savesItself(): boolean {
    return (this.#state.post?.status ?? "draft") === "draft";
  }

  change(part: Partial<Omit<Fields, "content">>): void {
    this.#set({ fields: { ...this.#state.fields, ...part } });
    this.#changed();
  }

  /** All of it, now. False when it couldn't be: the state says why. */
  async save(): Promise<boolean> {
    for (let round = 0; round < 5; round++) {
      if (this.#isOpen) await new Promise<void>((go) => this.#decided.push(go));
      if (typeof this.#home === "object") {
        try {
          await this.#home.save();
          await this.#running;
          await this.follow();
        } catch (error) {
          return await this.refuse(error);
        }
      }
      if (!(await this.#saveOnce())) return false;
      if (!this.#isOpen && !this.#changes()) return this.#state.post !== null;
    }
    return false;
  }

  /** The post on the server, made now if there is none yet: for what must hang on one. */
  async begin(): Promise<Post> {
    if (!this.#state.post) await this.#saveOnce(true);
    const { post, problem } = this.#state;
    if (!post) throw problem ?? ApiProblem.unreachable(null);
    return post;
  }

  /** What another request answered about this post, such as publishing. */
  adopt(post: Post): void {
    this.#take(fieldsOf(post));
    this.#set({ post, problem: null });
    this.#settle();
  }

  /** Gives what takes it back. */
  resolve(choice: "mine" | "theirs" | "merge"): (() => void) | null {
    const conflict = this.#state.conflict;
    if (!conflict) return null;
    const mine = this.#mine();
    const theirs = fieldsOf(conflict.theirs);
    const chosen = choose(choice, this.#base, mine, theirs, this.ports.words);
    this.#take(theirs);
    this.#set({ post: conflict.theirs, conflict: null, problem: null, saving: "unsaved" });
    this.#put(chosen);
    if (choice === "mine") void this.save();
    return choice === "theirs" ? () => this.#put(mine) : null;
  }

  /** Back to what the server has. Gives what takes it back. */
  discard(): () => void {
    const mine = this.fields;
    const put = (fields: Fields) => {
      if (this.#home === "open") this.text.replace(fields.content);
      this.#put(fields);
    };
    put(this.#base);
    this.dismissRestored();
    return () => put(mine);
  }

  dismissRestored(): void {
    this.#set({ restoredFrom: null });
  }

  /** At once, as before the page goes. */
  keep(): void {
    const { post } = this.#state;
    const postId = post?.post_id ?? null;
    clearTimeout(this.#timers.keep);
    const unsent = typeof this.#home === "object" ? this.#home.unsent() : this.#unsent;
    if (!unsent && !this.#changes(this.isShared ? this.#mine() : this.fields)) return this.ports.keeper.drop(postId);
    const kept = {
      // What has arrived needs no keeping, and would only be old one day.
      fields: this.isShared && !unsent ? this.#mine() : this.fields,
      base: post ? this.#base : null,
      at: new Date().toISOString(),
      ...(unsent && { unsent }),
      ...(this.#sent.list().length > 0 && { inDoubt: this.#sent.list() }),
    };
    const unkept = !this.ports.keeper.write(postId, kept);
    if (unkept !== this.#state.unkept) this.#set({ unkept });
  }

  /** The connection is back, or somebody signed in again. */
  readonly again = () => {
    if (["offline", "signedOut", "refused"].includes(this.#state.saving)) void this.#saveOnce();
  };

  /** All that is the draft's to save. */
  #mine(): Fields {
    return this.#home === "draft" ? this.fields : { ...this.#state.fields, content: this.#base.content };
  }

  #changes(mine = this.#mine()): WebSchemas["PostUpdate"] | null {
    if (!this.#state.post) return isBlank(mine) ? null : changesBetween(this.#base, mine);
    // A post always has a title, so an emptied one is no change to send before there is something in its place.
    const title = titleOf(mine, this.ports.words.untitled).trim();
    return changesBetween({ ...this.#base, title: this.#base.title.trim() }, { ...mine, title });
  }

  #put({ content, ...fields }: Fields): void {
    this.#set({ fields });
    if (this.#home === "draft") this.text.replace(content);
    this.#changed();
  }

  #changed(): void {
    clearTimeout(this.#timers.keep);
    this.#timers.keep = setTimeout(() => this.keep(), KEEP_AFTER);
    if (this.#state.conflict) return;
    if (!this.#running) this.#settle();
  }

  /** Says where things stand, and plans the next save. */
  #settle(): void {
    clearTimeout(this.#timers.save);
    if (!this.#changes()) {
      this.#pace.settled();
      this.keep();
      const saving = this.#isOpen ? "saving" : this.#state.post ? "saved" : "blank";
      return this.#set({ saving, problem: null, ...(!this.#isOpen && { restoredFrom: null }) });
    }
    if (["offline", "signedOut"].includes(this.#state.saving)) return;
    if (!this.savesItself) return this.#set({ saving: "held" });
    this.#set({ saving: "unsaved" });
    this.#timers.save = setTimeout(() => void this.#saveOnce(), this.#pace.untilSaved());
  }

  #saveOnce(evenBlank = false): Promise<boolean> {
    this.#running ??= this.#send(evenBlank).finally(() => {
      this.#running = null;
      if (this.#state.saving === "saving") this.#settle();
    });
    return this.#running;
  }

  async #send(evenBlank: boolean, tries = 5): Promise<boolean> {
    clearTimeout(this.#timers.save);
    clearTimeout(this.#timers.again);
    if (this.#state.conflict || !this.#catchUp()) return false;
    const changes = this.#changes() ?? (evenBlank && !this.#state.post ? {} : null);
    if (!changes) {
      this.#set({ saving: "saving" });
      return true;
    }
    const { post } = this.#state;
    const mine = this.#mine();
    this.#set({ saving: "saving", problem: null });
    const { server, words } = this.ports;
    this.#sent.add(mine);
    try {
      const key = this.#sent.keyOf(JSON.stringify([post?.version, changes]));
      const saved = post
        ? await server.update(post, changes, key)
        : await server.create(wholeOf(mine, words.untitled), key);
      this.#base = { ...mine, title: saved.title, ...(this.isShared && { content: fieldsOf(saved).content }) };
      if ("content" in changes) this.#unsent = null;
      if (this.#home !== "open" || "content" in changes) this.#sent.clear();
      if (!post) {
        this.ports.keeper.drop(null);
        if (this.ports.isSharing) this.#home = "open";
      }
      this.#pace.answered();
      this.#set({ post: saved, restoredFrom: null });
      this.ports.onSaved(saved, !post);
      return true;
    } catch (error) {
      if (error instanceof ApiProblem && !error.isPassing) this.#sent.drop(mine);
      const isMet = await this.refuse(error);
      // The shared text makes versions while the title is typed: what is one's own is sent again on top of them.
      return isMet && this.#home !== "draft" && tries > 1 ? await this.#send(evenBlank, tries - 1) : isMet;
    }
  }

  /** A refusal, of another request too: a newer version is met. True when it can be asked again. */
  async refuse(thrown: unknown): Promise<boolean> {
    this.keep();
    const error = thrown instanceof ApiProblem ? thrown : ApiProblem.unreachable(thrown);
    if (error.isPassing) {
      this.#timers.again = setTimeout(this.again, this.#pace.untilAgain());
      this.#set({ saving: "offline", problem: error });
    } else if (error.isSignedOut) {
      this.#set({ saving: "signedOut", problem: error });
    } else if (error.status === 412 && this.#state.post) {
      try {
        return this.#meet(await this.ports.server.get(this.#state.post.post_id));
      } catch (another) {
        return await this.refuse(another);
      }
    } else {
      this.#set({ saving: "refused", problem: error });
    }
    return false;
  }

  /** Somebody saved a newer version. True when nobody's change is in the way of another's. */
  #meet(theirs: Post): boolean {
    const now = fieldsOf(theirs);
    // A text that is shared, or about to be, meets others' in its document.
    const content = this.#home === "draft" ? closest(now.content, this.#sent.texts(this.#base)) : now.content;
    const base = { ...this.#sent.arrivedIn(this.#base, now), content };
    const mine = this.#home === "draft" ? this.fields : { ...this.#state.fields, content: now.content };
    const { met, clashes } = meet(base, mine, now);
    if (clashes.length > 0) {
      this.#set({ saving: "conflict", problem: null, conflict: { theirs, clashes } });
      return false;
    }
    this.#take(now);
    this.#set({ post: theirs, problem: null, saving: "saving" });
    this.#put(met);
    if (!this.#running) this.#settle();
    return true;
  }

  /** A version that was made since the text became what it is stays what others may have changed. */
  #take(now: Fields): void {
    this.#base = this.#home === "open" ? { ...now, content: this.#base.content } : now;
    if (this.#home !== "open") this.#sent.clear();
  }

  /** What was found on this device, or written while it was open how the text is saved, may have been made of an older
   * version. False when the newer one is in the way. */
  #catchUp(): boolean {
    const { post } = this.#state;
    if (this.#home === "open" || !post) return true;
    return !changesBetween(this.#base, fieldsOf(post)) || this.#meet(post);
  }

  /** It is written and nobody saves it yet. */
  get #isOpen(): boolean {
    return this.#home === "open" && this.text.read() !== this.#base.content;
  }

  #set(part: Partial<DraftState>): void {
    const isNews = (Object.keys(part) as (keyof DraftState)[]).some((name) => part[name] !== this.#state[name]);
    if (!isNews) return;
    this.#state = { ...this.#state, ...part };
    this.#listeners.forEach((listener) => listener());
  }
}
