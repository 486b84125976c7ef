"""The services of a node. Each has the same rooms; none imports another."""
