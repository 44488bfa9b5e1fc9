"""The worker: what happens on time or afterwards, without anybody asking for it at this moment."""
