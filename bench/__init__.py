"""Measurements: the product against the raw chain it stands on, in one run on one machine. Ratios, not seconds, travel."""
