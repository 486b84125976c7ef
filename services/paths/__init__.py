"""Each node's own copy of the paths of its clients, fed by the path node's events, and how fresh it is."""
