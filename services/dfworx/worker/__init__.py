"""The worker: what happens after the answer. Hands the outbox to its consumers, mails, sweeps and adds up."""
