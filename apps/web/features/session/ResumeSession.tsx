"use client";

import { refreshSession } from "@dfworx/api/session";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState, type ReactNode } from "react";

import { signInPath } from "@dfworx/api/doors";

/** Stands where a page couldn't be rendered because the access token had run out: gets a new one and asks again. */
export function ResumeSession({ children }: { children: ReactNode }) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams().toString();
  const [problem, setProblem] = useState<unknown>();
  useEffect(() => {
    refreshSession().then(
      (goesOn) => {
        if (goesOn) router.refresh();
        else window.location.replace(signInPath(search ? `${pathname}?${search}` : pathname));
      },
      (error: unknown) => setProblem(error),
    );
  }, [router, pathname, search]);
  if (problem) throw problem;
  return children;
}
