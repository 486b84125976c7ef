"""Clients and the sender's side of every referral: checking, sending, asking, knowing what became of it."""
