"use client";

import { ApiProblem, uploadFile } from "@dfworx/api";
import { refreshSession } from "@dfworx/api/session";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

import { useUploadProblem } from "@/features/composer/useUploadProblem";

import type { Draft } from "./draft";
import type { Uploading } from "./uploads";

/** A file hangs on its post, so a post that isn't saved yet is saved first. */
export function useUploading(draft: Draft): Uploading {
  const t = useTranslations("editor");
  const explain = useUploadProblem();
  const cached = useQueryClient();
  return {
    async send(file, onProgress, signal) {
      if (file.size === 0) throw new ApiProblem(422, "file_empty", "");
      const postId = draft.state().post?.post_id ?? (await draft.begin()).post_id;
      const stored = await uploadFile(file, { postId, signal, onProgress, refresh: refreshSession });
      await cached.invalidateQueries({ queryKey: ["posts", "files", postId] });
      return stored;
    },
    explain,
    words: { cancel: t("cancel"), remove: t("remove"), progress: (name) => t("uploading", { name }) },
  };
}
