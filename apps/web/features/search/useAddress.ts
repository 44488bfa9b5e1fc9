"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

import { addressPath, readAddress, type Address } from "./asked";

/**
 * What is searched, from the address. Changing it asks the services and not the page's server: the page is there.
 * Typing replaces the address, choosing adds to the history, so that Back takes a choice back.
 */
export function useAddress(): [Address, (address: Address, how?: "push" | "replace") => void] {
  const address = readAddress(new URLSearchParams(useSearchParams()));
  const go = useCallback((to: Address, how: "push" | "replace" = "push") => {
    if (how === "push") window.history.pushState(null, "", addressPath(to));
    else window.history.replaceState(null, "", addressPath(to));
  }, []);
  return [address, go];
}
