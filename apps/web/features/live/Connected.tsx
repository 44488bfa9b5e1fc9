"use client";

import { useApi } from "@dfworx/api/react";
import { ConvexProvider } from "convex/react";
import { useState, type ReactNode } from "react";

import { connect } from "./connection";
import { useConvexUrl } from "./Live";

/** Around whatever uses Convex's hooks. Only code that is loaded late imports this. */
export function Connected({ children }: { children: ReactNode }) {
  const api = useApi();
  const url = useConvexUrl();
  const [client] = useState(() => connect(api, url));
  return <ConvexProvider client={client}>{children}</ConvexProvider>;
}
