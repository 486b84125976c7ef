"""The tables of transitions, by part of the life of a referral."""
