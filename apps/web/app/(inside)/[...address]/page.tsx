import { notFound } from "next/navigation";

/** An address that nothing has: told beside the navigation, so that the ways on are there. */
export default function Page() {
  notFound();
}
