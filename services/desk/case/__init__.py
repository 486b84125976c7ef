"""Helpers of the case pages: what a referral, a client and a path tell, made ready to be read. Pure."""
