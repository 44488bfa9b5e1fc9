import { later } from "@dfworx/ui/later";

import { panelOver } from "@/features/shell/Panel";

/** The comments and what writes them: loaded when they are about to be seen. */
export const laterComments = later(() => import("./Comments"));

export function prepareComments(): void {
  laterComments.prepare();
  panelOver.prepare();
}
