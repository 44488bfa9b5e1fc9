import { initials } from "@dfworx/ui/Avatar";

export function OrganizationMark({ name }: { name: string }) {
  return (
    <span
      aria-hidden
      className="grid size-[22px] shrink-0 place-items-center rounded-sm bg-primary text-xs font-semibold text-on-primary"
    >
      {name && [...initials(name)][0]}
    </span>
  );
}
