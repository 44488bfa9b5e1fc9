/* What the rendering itself says. The app passes its own language's. */
export interface Words {
  code: string;
  copied: string;
  copy: string;
  footnotes: string;
  backToText: string;
  linkTo: string;
  picture: string;
  plain: string;
  table: string;
}

export const english: Words = {
  code: "Code",
  copied: "Copied",
  copy: "Copy code",
  footnotes: "Footnotes",
  backToText: "Back to the text",
  linkTo: "Link to",
  picture: "Picture",
  plain: "This text is too long or too deeply nested to be laid out. It is shown as it was written.",
  table: "Table",
};
