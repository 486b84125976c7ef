"""Import of referrals from files: read apart, mapped to the form, created row by row as if each was typed."""
