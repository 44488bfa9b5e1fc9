"""The worker: what happens without anybody waiting for it, across organizations, by named functions of the database."""
