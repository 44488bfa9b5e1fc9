import { Moderation } from "@/features/moderation/Moderation";

export default function ModerationPage() {
  return <Moderation />;
}
