"use client";

import type { Me, Post } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { Menu, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuLine } from "@dfworx/ui/Menu";
import { Building2, ChevronDown, Lock, UserPen, UserPlus, Users } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";

import type { Draft } from "./draft";
import type { DraftState } from "./draftState";
import { PeopleDialog } from "./PeopleDialog";

const KINDS: Post["visibility"][] = ["organization", "people", "author"];
const ICONS = { organization: Building2, people: Users, author: Lock };

interface VisibilityMenuProps {
  draft: Draft;
  state: DraftState;
  me: Me;
  /** Only its author chooses who reads and writes a post. */
  isOwn: boolean;
}

/** Who reads it once it is published, and who writes it with its author. */
export function VisibilityMenu({ draft, state, me, isOwn }: VisibilityMenuProps) {
  const t = useTranslations("editor");
  const [choosing, setChoosing] = useState<"readers" | "editors" | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setChoosing(null);
    setTimeout(() => opener.current?.focus());
  };
  const { visibility, readers, editors } = state.fields;
  const Icon = ICONS[visibility];
  const told = visibility === "people" ? t("people", { count: readers.length }) : t(`visibility.${visibility}`);
  if (!isOwn) return null;
  const choose = (kind: Post["visibility"]) => {
    if (kind === "people") setChoosing("readers");
    else draft.change({ visibility: kind, readers: [] });
  };
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button ref={opener} look="ghost" aria-label={t("visibilityNow", { kind: told })}>
            <Icon aria-hidden />
            {told}
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuLabel>{t("whoReads")}</MenuLabel>
        <MenuChoices value={visibility} onValueChange={(kind) => choose(kind as Post["visibility"])}>
          {KINDS.map((kind) => (
            <MenuChoice key={kind} value={kind}>
              {kind === "organization" ? t("everybodyIn", { name: me.organization.name }) : t(`visibility.${kind}`)}
            </MenuChoice>
          ))}
        </MenuChoices>
        {visibility === "people" && (
          <MenuItem icon={<UserPlus aria-hidden />} onSelect={() => setChoosing("readers")}>
            {t("choosePeople")}
          </MenuItem>
        )}
        <MenuLine />
        <MenuLabel>{t("whoWrites")}</MenuLabel>
        <MenuItem icon={<UserPen aria-hidden />} onSelect={() => setChoosing("editors")}>
          {t("chooseEditors", { count: editors.length })}
        </MenuItem>
      </Menu>
      {choosing === "readers" && (
        <PeopleDialog
          whom="readers"
          me={me}
          known={state.post?.readers ?? []}
          chosen={readers}
          onClose={close}
          onChosen={(ids) => draft.change({ visibility: "people", readers: [...ids].sort() })}
        />
      )}
      {choosing === "editors" && (
        <PeopleDialog
          whom="editors"
          me={me}
          known={state.post?.editors ?? []}
          chosen={editors}
          onClose={close}
          onChosen={(ids) => draft.change({ editors: [...ids].sort() })}
        />
      )}
    </>
  );
}
