"""The embedded servers as parts: PostgreSQL, NATS with JetStream, Temporal. All listen on loopback only."""
