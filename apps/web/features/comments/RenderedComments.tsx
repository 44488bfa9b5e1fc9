"use client";

import type { Comment } from "@dfworx/api";
import { createContext, useContext, type ReactNode } from "react";

import { keyOfText } from "./keys";

const Context = createContext<Readonly<Record<string, ReactNode>>>({});

/** Around what shows comments: their words as the server has laid them out, by `keyOfText`. */
export function RenderedComments({ texts, children }: { texts: Record<string, ReactNode>; children: ReactNode }) {
  return <Context value={texts}>{children}</Context>;
}

/** Undefined for a comment that is newer than the page. */
export function useRendered(comment: Comment): ReactNode {
  return useContext(Context)[keyOfText(comment)];
}
