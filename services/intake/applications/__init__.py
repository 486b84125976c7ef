"""Applications (wnioski) at their OPS: registered, interviewed, given an opinion, and decided by its head."""
