import type { ReactNode } from "react";

import { SavedLine } from "./SavedLine";
import type { Standing } from "./useSaved";

interface SettingRowProps {
  /** The control's `id` is `${id}`, and the sentence that describes it `${id}-help`. */
  id: string;
  name: string;
  help: string;
  standing: Standing;
  /** The control is a group with a name of its own, and no single thing to point at. */
  isGroup?: boolean;
  children: ReactNode;
}

/** Name and a sentence at the start, the control at the end. */
export function SettingRow({ id, name, help, standing, isGroup, children }: SettingRowProps) {
  const Name = isGroup ? "span" : "label";
  return (
    <div className="grid gap-x-6 gap-y-2 border-t border-line pt-4 pb-2 first:border-0 first:pt-0 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div>
        <Name id={`${id}-name`} {...(!isGroup && { htmlFor: id })} className="block font-medium">
          {name}
        </Name>
        <p id={`${id}-help`} className="mt-0.5 max-w-[52ch] text-sm text-ink-3">
          {help}
        </p>
      </div>
      <div className="sm:justify-self-end">{children}</div>
      <SavedLine standing={standing} className="sm:col-start-2 sm:justify-self-end" />
    </div>
  );
}

/** A heading of a part of a page. */
export function Part({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <section className="not-first:mt-10">
      <h2 className="text-lg font-semibold tracking-[-0.008em]">{title}</h2>
      {lead && <p className="mt-1 max-w-[60ch] text-sm text-ink-3">{lead}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
