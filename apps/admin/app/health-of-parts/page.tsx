import { Health } from "@/features/health/Health";

export default function HealthPage() {
  return <Health />;
}
