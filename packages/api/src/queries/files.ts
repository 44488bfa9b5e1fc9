/** Files: asked for as all else, but sent by XMLHttpRequest, as fetch can't say how much has gone. */
import { queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";
import { ApiProblem } from "../problem";
import type * as web from "../web.gen";

export type StoredFile = web.components["schemas"]["File"];

/** Their signed addresses hold for ten minutes, so they are asked for anew before. */
export function listPostFiles(api: Api, postId: string) {
  return queryOptions({
    queryKey: ["posts", "files", postId],
    queryFn: async ({ signal }) => {
      const params = { path: { post_id: postId }, query: { limit: 100 } };
      return (await read(api.web.GET("/api/web/posts/{post_id}/files", { params, signal }))).items;
    },
    staleTime: 5 * 60_000,
    refetchInterval: 8 * 60_000,
  });
}

export async function deleteFile(api: Api, fileId: string): Promise<void> {
  await read(api.web.DELETE("/api/web/files/{file_id}", { params: { path: { file_id: fileId } } }));
}

/** For one whose signed address is shown, as beside a message. */
export function getFile(api: Api, fileId: string) {
  return queryOptions({
    queryKey: ["files", fileId],
    queryFn: ({ signal }) =>
      read(api.web.GET("/api/web/files/{file_id}", { params: { path: { file_id: fileId } }, signal })),
    staleTime: 5 * 60_000,
    refetchInterval: 8 * 60_000,
  });
}

interface Sending {
  /** Null for one that goes with a message: it hangs on that once it is sent. */
  postId: string | null;
  signal: AbortSignal;
  /** From 0 to 1. */
  onProgress: (part: number) => void;
  /** The session's refresh: `refreshSession` of ./session. */
  refresh: (since: number) => Promise<boolean>;
}

/** The bytes say what it is, so nothing is claimed. Refused is an ApiProblem, given up an AbortError. */
export async function uploadFile(file: File, sending: Sending): Promise<StoredFile> {
  const sentAt = Date.now();
  try {
    return await send(file, sending);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.isSignedOut) || !(await sending.refresh(sentAt))) throw error;
    return await send(file, sending);
  }
}

function send(file: File, { postId, signal, onProgress }: Sending): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name: file.name, ...(postId !== null && { post_id: postId }) });
    const giveUp = () => {
      request.abort();
      reject(new DOMException("The upload was given up.", "AbortError"));
    };
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    request.open("POST", `/api/web/files?${query}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(ApiProblem.unreachable(null));
    request.onload = () => {
      if (request.status === 201) return resolve(request.response as StoredFile);
      const answer = new Response(null, {
        status: request.status,
        headers: { "X-Request-Id": request.getResponseHeader("X-Request-Id") ?? "" },
      });
      reject(ApiProblem.from(answer, request.response));
    };
    request.send(file);
  });
}
