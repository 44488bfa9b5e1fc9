"use client";

import { Button } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { AtSign, CircleAlert, Code, SendHorizontal, X } from "lucide-react";
import { useTranslations } from "next-intl";
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
} from "react";

import { EmojiButton } from "./EmojiButton";
import { MentionList } from "./MentionList";
import { useMentions } from "./useMentions";

interface Props {
  /** By which it is focused. */
  id: string;
  label: string;
  /** In characters. */
  longest: number;
  initial: string;
  /** Above the text, with a way out: whom it answers, or that it changes something. */
  strip?: string | undefined;
  leave?: (() => void) | undefined;
  /** Called with what is to be kept as it is typed. */
  keep?: (text: string) => void;
  /** Its result says whether the text has been taken. */
  send: (text: string) => boolean;
  sendLabel: string;
  busy?: boolean;
  failure?: string | undefined;
  /** ↑ with nothing written. */
  editLast?: () => void;
  /** Somebody asked for it: it takes focus. */
  takesFocus: boolean;
  /** The button that asks for files, and those that go along. */
  attach?: ReactNode;
  attached?: ReactNode;
  /** Files that are pasted or dropped. */
  takeFiles?: ((files: File[]) => void) | undefined;
  /** Something goes along that needs no words. */
  mayBeBlank?: boolean;
}

/** Enter sends and Shift+Enter breaks the line; where there is no keyboard, Enter breaks it. */
export function Composer(props: Props) {
  const { label, longest, initial, strip, leave, keep, send, sendLabel, busy, failure, editLast, takesFocus } = props;
  const { attach, attached, takeFiles, mayBeBlank } = props;
  const t = useTranslations("composing");
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(initial);
  const [blank, setBlank] = useState(false);
  const excess = text.length - longest;
  const caretTo = useRef<number | null>(null);

  const change = (next: string, caret?: number) => {
    setText(next);
    setBlank(false);
    keep?.(next);
    if (caret !== undefined) caretTo.current = caret;
  };
  const mentions = useMentions({ text, change });
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
    if (caretTo.current === null) return;
    element.focus();
    element.setSelectionRange(caretTo.current, caretTo.current);
    caretTo.current = null;
  }, [text]);
  useEffect(() => {
    const element = area.current;
    if (!takesFocus || !element) return;
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  }, [takesFocus]);

  const submit = () => {
    if (!text.trim() && !mayBeBlank) return setBlank(true);
    if (excess > 0 || busy || !send(text.trim())) return;
    setText("");
    mentions.close();
  };
  const wrap = (before: string, after: string) => {
    const element = area.current;
    if (!element) return;
    const { selectionStart: start, selectionEnd: end } = element;
    const inner = text.slice(start, end);
    const next = text.slice(0, start) + before + inner + after + text.slice(end);
    change(next, start + before.length + inner.length);
    mentions.look(next, start + before.length + inner.length);
  };
  /** Text that comes along with a picture (from a web page) stays text. */
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (!takeFiles || files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    takeFiles(files);
  };
  const onDrop = (event: DragEvent) => {
    const files = [...event.dataTransfer.files];
    if (!takeFiles || files.length === 0) return;
    event.preventDefault();
    takeFiles(files);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (mentions.onKeyDown(event) || event.nativeEvent.isComposing) return;
    const isTouch = window.matchMedia("(pointer: coarse)").matches;
    const sends = event.key === "Enter" && (event.ctrlKey || event.metaKey || (!event.shiftKey && !isTouch));
    if (sends) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape" && leave) {
      event.preventDefault();
      leave();
    } else if (event.key === "ArrowUp" && !text && editLast) {
      event.preventDefault();
      editLast();
    }
  };
  const told = blank ? t("writeSomething") : excess > 0 ? t("tooLong", { count: excess }) : failure;
  return (
    <div className="relative">
      {mentions.isOpen && <MentionList id={`${id}-people`} {...mentions} />}
      <div className="rounded-md border border-field bg-sheet focus-within:border-ring focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-ring">
        {strip && (
          <p className="flex items-center gap-2 border-b border-line ps-3 pe-1 text-xs text-ink-2">
            <span className="min-w-0 grow truncate">{strip}</span>
            <Tooltip text={t("leave")} shortcut="Esc">
              <Button look="ghost" size="smallIcon" aria-label={t("leave")} onClick={leave}>
                <X aria-hidden />
              </Button>
            </Tooltip>
          </p>
        )}
        <textarea
          ref={area}
          id={props.id}
          rows={1}
          dir="auto"
          value={text}
          placeholder={label}
          aria-label={label}
          aria-describedby={`${id}-told`}
          aria-invalid={told ? true : undefined}
          aria-autocomplete="list"
          aria-controls={mentions.isOpen ? `${id}-people` : undefined}
          aria-activedescendant={mentions.isOpen ? `${id}-people-${mentions.chosen}` : undefined}
          data-takes-escape={strip || mentions.isOpen ? "" : undefined}
          onChange={(event) => {
            change(event.target.value);
            mentions.look(event.target.value, event.target.selectionEnd);
          }}
          onSelect={(event) => mentions.look(event.currentTarget.value, event.currentTarget.selectionEnd)}
          onBlur={mentions.close}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onDrop={onDrop}
          className="block max-h-[40dvh] min-h-11 w-full resize-none overflow-y-auto bg-transparent px-3 pt-2.5 pb-1 text-chat scroll-quiet outline-none focus-visible:outline-none max-md:text-[1rem]"
        />
        {attached}
        <div className="flex items-center gap-0.5 p-1">
          {attach}
          <Tooltip text={t("mention")} side="top">
            <Button
              look="ghost"
              size="smallIcon"
              aria-label={t("mention")}
              onClick={() => wrap(/\S$/.test(text) ? " @" : "@", "")}
            >
              <AtSign aria-hidden />
            </Button>
          </Tooltip>
          <EmojiButton choose={(emoji) => wrap(emoji, "")} />
          <Tooltip text={t("code")} side="top">
            <Button look="ghost" size="smallIcon" aria-label={t("code")} onClick={() => wrap("`", "`")}>
              <Code aria-hidden />
            </Button>
          </Tooltip>
          <span className="grow" />
          <Tooltip text={sendLabel} shortcut="↵" side="top">
            <Button
              look="primary"
              size="smallIcon"
              aria-label={sendLabel}
              aria-busy={busy ? true : undefined}
              onClick={submit}
            >
              <SendHorizontal className="rtl:-scale-x-100" aria-hidden />
            </Button>
          </Tooltip>
        </div>
      </div>
      <p id={`${id}-told`} role="status" className={told ? "mt-1.5 flex gap-1.5 text-xs text-danger" : "sr-only"}>
        {told && <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />}
        {told ?? (mentions.isOpen ? t("peopleFound", { count: mentions.people.length }) : "")}
      </p>
    </div>
  );
}
