"use client";

import { ApiProblem, deleteFile, uploadFile } from "@dfworx/api";
import type { Message } from "@dfworx/api/live";
import { useApi } from "@dfworx/api/react";
import { refreshSession } from "@dfworx/api/session";
import { useEffect, useRef, useState } from "react";

import { useUploadProblem } from "@/features/composer/useUploadProblem";

type Attachment = Message["attachments"][number];

export const MOST_FILES = 20;

export interface Attached {
  id: string;
  name: string;
  /** From 0 to 1. */
  part: number;
  stored: Attachment | null;
  refusal: string | null;
}

/** Files that go along with what is being written: sent as they are chosen, so that the message itself is small. */
export function useAttachments(initial: Message["attachments"], keep: (stored: Message["attachments"]) => void) {
  const api = useApi();
  const explain = useUploadProblem();
  const [items, setItems] = useState<Attached[]>(() => initial.map(attachedFrom));
  const current = useRef(items);
  const giveUp = useRef(new Map<string, AbortController>());
  useEffect(() => {
    const sent = giveUp.current;
    return () => {
      for (const each of sent.values()) each.abort();
    };
  }, []);

  const put = (next: Attached[]) => {
    current.current = next;
    setItems(next);
  };
  const change = (id: string, part: Partial<Attached>) =>
    put(current.current.map((each) => (each.id === id ? { ...each, ...part } : each)));
  const keepStored = () => keep(storedOf(current.current));

  const upload = async (file: File) => {
    const id = crypto.randomUUID();
    const stop = new AbortController();
    giveUp.current.set(id, stop);
    put([...current.current, { id, name: file.name, part: 0, stored: null, refusal: null }]);
    try {
      if (file.size === 0) throw new ApiProblem(422, "file_empty", "");
      const onProgress = (part: number) => change(id, { part });
      const { signal } = stop;
      const stored = await uploadFile(file, { postId: null, signal, onProgress, refresh: refreshSession });
      const { file_id, name, media_type, size_bytes } = stored;
      change(id, { part: 1, stored: { file_id, name, media_type, size_bytes } });
      keepStored();
    } catch (error) {
      if (!stop.signal.aborted) change(id, { refusal: explain(error, file) });
    } finally {
      giveUp.current.delete(id);
    }
  };
  return {
    items,
    stored: storedOf(items),
    add(files: File[]) {
      for (const file of files) void upload(file);
    },
    remove(item: Attached) {
      giveUp.current.get(item.id)?.abort();
      put(current.current.filter((each) => each.id !== item.id));
      keepStored();
      // What stays behind is swept by the files service.
      if (item.stored) void deleteFile(api, item.stored.file_id).catch(() => undefined);
    },
    /** They have gone with the message. */
    clear: () => put([]),
  };
}

function attachedFrom(stored: Attachment): Attached {
  return { id: stored.file_id, name: stored.name, part: 1, stored, refusal: null };
}

function storedOf(items: readonly Attached[]): Message["attachments"] {
  return items.flatMap(({ stored }) => (stored ? [stored] : []));
}
