"use client";

import { Component, type ReactNode } from "react";

interface BoundaryProps {
  /** In place of what was refused or broke. */
  failed: (error: unknown, again: () => void) => ReactNode;
  children: ReactNode;
}

/** Around what asks by Convex's hooks, which throw what the deployment refuses: the page beside it stays. */
export class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { failed, children } = this.props;
    return this.state.error === null ? children : failed(this.state.error, () => this.setState({ error: null }));
  }
}
