import { updateMembers, type MemberChange } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";

export type Change = Omit<MemberChange, "user_id">;

/** The same for each of them. What was refused of one, such as the last admin, is told; the others are changed. */
export function useChanging() {
  const cached = useQueryClient();
  const changing = useMutation({
    ...updateMembers(useApi()),
    onSettled: () => cached.invalidateQueries({ queryKey: ["admin", "members"] }),
  });
  const refused = changing.data?.items.find(({ status }) => status >= 400);
  return {
    change: (userIds: string[], wanted: Change) => changing.mutate({ user_ids: userIds, ...wanted }),
    problem: changing.error?.message ?? refused?.detail ?? refused?.code ?? null,
  };
}
