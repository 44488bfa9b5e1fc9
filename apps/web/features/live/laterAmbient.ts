import { later } from "@dfworx/ui/later";

/** What is live on every page, and the parts of a page that show it. */
export const ambient = later(() => import("./Ambient"));
