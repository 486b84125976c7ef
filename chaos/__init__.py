"""The fault harness: the real system in processes of its own, disturbed on purpose, judged from outside."""
