"""The form of a referral: what it asks for, in which order, and what was typed into it. Pure, but for `keeping`."""
