/* When a dollar begins maths. A lone `$` does only where no letter or figure stands before it and no space behind it,
   and where the one that ends it has no space before it and no letter or figure behind: "$5 and $6" and "US$5-$10" stay
   prose. `$$` is always maths, as in the packages that this wraps. */
import { math } from "micromark-extension-math";
import type { Code, Construct, Extension, State, Tokenizer } from "micromark-util-types";

const DOLLAR = 36;

export function maths(): Extension {
  const extension = math();
  const whole = extension.text?.[DOLLAR] as Construct;
  const tokenize: Tokenizer = function (effects, ok, nok) {
    const begin = whole.tokenize.call(this, effects, ok, nok);
    const before = this.previous;
    return (code) => effects.check({ tokenize: mayBegin(before), partial: true }, begin, nok)(code);
  };
  return { ...extension, text: { [DOLLAR]: { ...whole, tokenize } } };
}

function mayBegin(before: Code): Tokenizer {
  return function (effects, ok, nok) {
    let last: Code = null;
    return start;

    function start(code: Code): State | undefined {
      effects.enter("data");
      effects.consume(code);
      return opened;
    }

    function opened(code: Code): State | undefined {
      if (code === DOLLAR) return leave(ok, code);
      if (isGap(code) || isWordly(before)) return leave(nok, code);
      return inside(code);
    }

    function inside(code: Code): State | undefined {
      if (code === null) return leave(nok, code);
      if (code === DOLLAR) {
        if (isGap(last)) return leave(nok, code);
        effects.consume(code);
        return closed;
      }
      if (code < -2) {
        effects.exit("data");
        effects.enter("lineEnding");
        effects.consume(code);
        effects.exit("lineEnding");
        effects.enter("data");
        last = code;
        return inside;
      }
      last = code;
      effects.consume(code);
      return inside;
    }

    function closed(code: Code): State | undefined {
      return leave(isWordly(code) || code === DOLLAR ? nok : ok, code);
    }

    function leave(state: State, code: Code): State | undefined {
      effects.exit("data");
      return state(code);
    }
  };
}

/** Ends of lines, tabs and spaces; micromark's own codes are below 0. */
function isGap(code: Code): boolean {
  return code === null || code < 0 || code === 32;
}

function isWordly(code: Code): boolean {
  return code !== null && code > 0 && /[\p{L}\p{N}]/u.test(String.fromCharCode(code));
}
