"""What every service stands on. Knows nothing of referrals beyond the contracts."""
