"""Where functions run: the bundled TypeScript of a deployment, in Node processes that do nothing but run it and ask."""
