"""Measurements: the product beside the raw chain it stands on, in one run on one machine. Only ratios travel."""
