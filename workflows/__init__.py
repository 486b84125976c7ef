"""The path: what falls due next for a client, watched by Temporal and recorded in PostgreSQL."""
