import { Members } from "@/features/members/Members";

export default function MembersPage() {
  return <Members />;
}
