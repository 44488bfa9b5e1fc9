"use client";

import { createPost, getPost, updatePost, type Me, type Post } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useState, useSyncExternalStore } from "react";

import { pathOfEditor } from "@/features/shell/paths";

import { Draft } from "./draft";
import type { DraftState } from "./draftState";
import { keeperOf } from "./keeping";

export function useDraft(post: Post | null, me: Me, title = ""): { draft: Draft; state: DraftState } {
  const api = useApi();
  const cached = useQueryClient();
  const t = useTranslations("editor");
  const [draft] = useState(
    () =>
      new Draft(
        post,
        {
          server: {
            get: (postId) => cached.fetchQuery(getPost(api, postId)),
            create: (fields, key) => createPost(api, fields, key),
            update: (known, changes, key) => updatePost(api, known, changes, key),
          },
          keeper: keeperOf(me),
          words: { untitled: t("untitled"), mine: t("markMine"), theirs: t("markTheirs") },
          onSaved(saved, isNew) {
            cached.setQueryData(["posts", "by-slug", saved.slug], saved);
            void cached.invalidateQueries({ queryKey: ["posts", "list"], refetchType: "none" });
            // Where it is from now on, without leaving the text: a reload finds it there.
            if (isNew) window.history.replaceState(null, "", pathOfEditor(saved.slug));
          },
          isSharing: true,
        },
        title,
      ),
  );
  const state = useSyncExternalStore(draft.subscribe, draft.state, draft.state);
  useEffect(() => {
    const close = draft.open();
    const keep = () => draft.keep();
    const warn = (event: BeforeUnloadEvent) => {
      draft.keep();
      if (draft.state().unkept) event.preventDefault();
    };
    window.addEventListener("online", draft.again);
    window.addEventListener("focus", draft.again);
    window.addEventListener("pagehide", keep);
    window.addEventListener("beforeunload", warn);
    return () => {
      close();
      window.removeEventListener("online", draft.again);
      window.removeEventListener("focus", draft.again);
      window.removeEventListener("pagehide", keep);
      window.removeEventListener("beforeunload", warn);
    };
  }, [draft]);
  return { draft, state };
}
