"""An embedded Convex deployment: Convex's wire protocol for the official clients, functions in Node workers, documents
in SQLite. It answers where no Convex Cloud and no self-hosted Convex is."""
