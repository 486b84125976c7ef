"""The pure core of intake: no servers needed."""
