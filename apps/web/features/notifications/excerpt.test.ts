import { expect, it } from "vitest";

import { plainExcerpt } from "./excerpt";

it.each([
  ["@[Ada Lovelace](mention://user/1) see [the **plan**](https://x.example)", "@Ada Lovelace see the plan"],
  ["> quoted\n\n- one\n- two", "quoted one two"],
  ["```sh\nrm -r `x`\n```", "rm -r x"],
  ["cut off [here](https://exam", "cut off here"],
  ["<img src=x onerror=alert(1)> snake_case 2 * 3 \\@Ada", "<img src=x onerror=alert(1)> snake_case 2 * 3 @Ada"],
])("says %j in one line", (markdown, said) => {
  expect(plainExcerpt(markdown)).toBe(said);
});
