"""Helpers of the pages about what comes in: applications, notices, lists from files. Pure."""
