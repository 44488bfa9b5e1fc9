"use client";

import { updateMember, type Member, type MemberChange } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useMutation, useQueryClient, type InfiniteData } from "@tanstack/react-query";

type Members = InfiniteData<{ items: Member[]; next_cursor: string | null }>;
const MEMBERS = { queryKey: ["people", "members"] };

/** Changes a person in all lists that are open, at once if `ahead`, and takes it back when it is refused. */
export function useChangeMember({ ahead }: { ahead: boolean }) {
  const cached = useQueryClient();
  const show = (user_id: string, changes: Partial<Member>) =>
    cached.setQueriesData<Members>(
      MEMBERS,
      (now) =>
        now && {
          ...now,
          pages: now.pages.map((page) => ({
            ...page,
            items: page.items.map((each) => (each.user_id === user_id ? { ...each, ...changes } : each)),
          })),
        },
    );
  const { mutateAsync, ...mutation } = useMutation({
    ...updateMember(useApi()),
    onMutate: async ({ user_id, ...changes }) => {
      if (!ahead) return;
      await cached.cancelQueries(MEMBERS);
      show(user_id, changes);
    },
    onSuccess: (member) => show(member.user_id, member),
  });
  const change = async (member: Member, changes: Omit<MemberChange, "user_id">) => {
    try {
      await mutateAsync({ user_id: member.user_id, ...changes });
    } catch (error) {
      if (ahead) show(member.user_id, { role: member.role, is_active: member.is_active });
      // Somebody else may have changed this person meanwhile: what holds is asked for.
      void cached.invalidateQueries(MEMBERS);
      throw error;
    }
  };
  return { change, ...mutation };
}
