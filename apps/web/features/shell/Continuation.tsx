"use client";

import { Button } from "@dfworx/ui/Button";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";

interface ContinuationProps {
  more: boolean;
  loading: boolean;
  failed: boolean;
  loadMore: () => void;
  /** How many there are by now: the end is approached anew with each page. */
  length: number;
  label: string;
}

/** The end of a list that goes on: what comes next is asked for before the end is seen. */
export function Continuation({ more, loading, failed, loadMore, length, label }: ContinuationProps) {
  const states = useTranslations("states");
  if (loading) return <SkeletonRows label={label} rows={3} />;
  if (!more) return null;
  if (failed) {
    return (
      <p className="px-5 py-4 text-center">
        <Button onClick={loadMore}>{states("tryAgain")}</Button>
      </p>
    );
  }
  return <Approach key={length} reached={loadMore} />;
}

/** Stands at the end of a list and says when it is about to be seen. */
function Approach({ reached }: { reached: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const act = useRef(reached);
  useEffect(() => {
    act.current = reached;
  });
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) act.current();
      },
      // Two screens ahead, so that whoever reads on doesn't wait.
      { root: element.closest(".overflow-y-auto"), rootMargin: "200% 0%" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return <div ref={place} className="h-px" />;
}
