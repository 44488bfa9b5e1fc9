"use client";

import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import type { ReactNode } from "react";

import { FormProblem } from "@/features/entering/FormProblem";
import { useProblemText } from "@/features/entering/useProblemText";

interface ConfirmProps {
  title: string;
  consequence: string;
  keep: string;
  deed: string;
  doing: string;
  busy: boolean;
  error: unknown;
  act: () => void;
  close: () => void;
  children?: ReactNode;
}

/** Asks before what hits others at once or can't be undone. It stays until it is done, and says why it wasn't. */
export function Confirm(props: ConfirmProps) {
  const textOf = useProblemText();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !props.busy && props.close()}
      title={<span className="wrap-anywhere">{props.title}</span>}
      description={props.consequence}
      actions={
        <>
          <Button onClick={props.close} disabled={props.busy}>
            {props.keep}
          </Button>
          <Button look="danger" onClick={props.act} busy={props.busy && props.doing}>
            {props.deed}
          </Button>
        </>
      }
    >
      {props.error ? <FormProblem>{textOf(props.error)}</FormProblem> : props.children}
    </Dialog>
  );
}
