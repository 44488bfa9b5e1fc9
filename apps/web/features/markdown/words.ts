/* What the rendering itself says. The app passes its own language's; these two are what its message files start from. */
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

export const german: Words = {
  code: "Code",
  copied: "Kopiert",
  copy: "Code kopieren",
  footnotes: "Fußnoten",
  backToText: "Zurück zum Text",
  linkTo: "Link zu",
  picture: "Bild",
  plain: "Dieser Text ist zu lang oder zu tief verschachtelt. Er wird so gezeigt, wie er geschrieben wurde.",
  table: "Tabelle",
};
