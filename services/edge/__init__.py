"""The public HTTP interface of a node: who is calling, which side answers, problems in the caller's language."""
