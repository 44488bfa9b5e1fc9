/** The id of the page's main region: the skip link and the keys lead to it. */
export const CONTENT = "content";
/** What lies beside it. */
export const PANEL = "panel";
