import clsx from "clsx";

/** Of a person: the same for avatar, caret and selection, in every organization and on every device. 1 to 8. */
export function personHue(userId: string): number {
  // FNV-1a over the id's characters: spread evenly, and as easily written again in another language.
  let hash = 0x811c9dc5;
  for (let at = 0; at < userId.length; at++) hash = Math.imul(hash ^ userId.charCodeAt(at), 0x01000193) >>> 0;
  return (hash % 8) + 1;
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

const sizes = {
  small: "size-5 text-[10px]",
  normal: "size-6 text-[10px]",
  large: "size-9 text-[13px]",
};

/** Told apart by shape: a disc, half a disc, a ring. */
export type PresenceState = "online" | "away" | "offline";

const marks = {
  online: "bg-here",
  away: "border-[1.5px] border-away bg-[linear-gradient(to_top,var(--away)_50%,var(--mark-ground,var(--sheet))_50%)]",
  offline: "border-[1.5px] border-gone bg-(--mark-ground,var(--sheet))",
};

interface AvatarProps {
  person: { user_id: string; name: string | null; avatar_url?: string | null };
  size?: keyof typeof sizes;
  /** When the name stands beside it, it isn't said twice. */
  decorative?: boolean;
  /** Shown at the end corner, and not read out: words beside it say so where it matters. On another surface than a
   * sheet, `--mark-ground` is that surface. */
  presence?: PresenceState | undefined;
  className?: string;
}

/** Letters on the person's own soft ground. Pictures from other servers are not loaded: the page's policy refuses
 * them, and a picture's server would learn who reads what. */
export function Avatar({ person, size = "normal", decorative, presence, className }: AvatarProps) {
  const name = person.name ?? "";
  const letters = initials(name);
  return (
    <span
      {...(decorative ? { "aria-hidden": true } : { role: "img", "aria-label": name })}
      className={clsx(
        "person relative inline-grid shrink-0 place-items-center rounded-full leading-none font-semibold tracking-[0.01em]",
        `person-${personHue(person.user_id)}`,
        sizes[size],
        className,
      )}
    >
      {size === "small" ? [...letters][0] : letters}
      {presence && (
        <span
          aria-hidden
          className={clsx(
            "absolute -end-px -bottom-px rounded-full forced-color-adjust-none ring-(--mark-ground,var(--sheet))",
            marks[presence],
            size === "large" ? "size-[9px] ring-2" : "size-[7px] ring-[1.5px]",
          )}
        />
      )}
    </span>
  );
}
