"use client";

import { listComments } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { useOpenForASecond } from "./useOpenForASecond";
import { useReading } from "./useReading";

/** Somebody has a post before them: it is read, and so are its comments, those too that come while it is open. */
export function PostRead({ postId }: { postId: string }) {
  const { mutate } = useReading();
  const [isOpen, setOpen] = useState(false);
  useOpenForASecond(() => setOpen(true));
  const newest = useNewestComment(postId);
  useEffect(() => {
    if (isOpen) mutate(postId);
  }, [isOpen, mutate, newest, postId]);
  return null;
}

/** Of those that somebody else has asked for: nothing is asked here. */
function useNewestComment(postId: string): string {
  const { data } = useInfiniteQuery({ ...listComments(useApi(), postId), enabled: false });
  const times = data?.pages.flatMap((page) => page.items.map((each) => each.created_at)) ?? [];
  return times.reduce((newest, each) => (Date.parse(each) > Date.parse(newest) ? each : newest), times[0] ?? "");
}
