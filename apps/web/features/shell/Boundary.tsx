"use client";

import { Component, type ReactNode } from "react";

interface Props {
  /** In place of what failed; `again` tries anew. */
  fallback: (error: unknown, again: () => void) => ReactNode;
  children: ReactNode;
}

/** A part that fails takes nothing with it. */
export class Boundary extends Component<Props, { error: unknown; failed: boolean }> {
  override state = { error: null, failed: false };

  static getDerivedStateFromError(error: unknown) {
    return { error, failed: true };
  }

  override render(): ReactNode {
    const { fallback, children } = this.props;
    if (!this.state.failed) return children;
    return fallback(this.state.error, () => this.setState({ error: null, failed: false }));
  }
}
