"""The receiver's side of every referral: inbox, claim, decision. The single writer once a referral was sent."""
